package simulator

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Values that a query compares are string, bool, nil (null), time.Time, level and address.

// level is a permission in a query: permission > "read" compares strength, not letters.
type level string

// address is an e-mail address in a query; case does not matter.
type address string

// condition is a parsed query: it tells whether a row, which lookup reads field by field, belongs into the answer.
type condition func(lookup func(field string) any) bool

// comparison is one comparison of a query, kept for endpoints that look into the query before they run it.
type comparison struct {
	field, operator string
	literals        []token
}

// query is a parsed q parameter.
type query struct {
	matches     condition
	comparisons []comparison
}

// parser reads the grammar of q (Bitbucket documentation: filtering), OR binding weaker than AND:
//
//	query      = conjunction { "OR" conjunction }
//	conjunction = term { "AND" term }
//	term       = "(" query ")" | field operator literal | field [ "NOT" ] "IN" "(" literal { "," literal } ")"
type parser struct {
	tokens      []token
	fields      []string
	comparisons []comparison
}

// parseQuery parses q. Fields that are not in the list are refused, as Bitbucket does.
func parseQuery(q string, fields []string) (*query, error) {
	tokens, err := lex(q)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens, fields: fields}
	matches, err := p.disjunction()
	if err != nil {
		return nil, err
	}
	if p.tokens[0].kind != tokenEnd {
		return nil, fmt.Errorf("unexpected %q", p.tokens[0].text)
	}
	return &query{matches: matches, comparisons: p.comparisons}, nil
}

func (p *parser) disjunction() (condition, error) {
	return p.chain("OR", p.conjunction, func(a, b condition) condition {
		return func(lookup func(string) any) bool { return a(lookup) || b(lookup) }
	})
}

func (p *parser) conjunction() (condition, error) {
	return p.chain("AND", p.term, func(a, b condition) condition {
		return func(lookup func(string) any) bool { return a(lookup) && b(lookup) }
	})
}

// chain parses operands joined by a keyword.
func (p *parser) chain(keyword string, operand func() (condition, error), join func(a, b condition) condition) (condition, error) {
	joined, err := operand()
	for err == nil && p.keyword(keyword) {
		var next condition
		if next, err = operand(); err == nil {
			joined = join(joined, next)
		}
	}
	return joined, err
}

func (p *parser) term() (condition, error) {
	if p.punct("(") {
		inner, err := p.disjunction()
		if err == nil && !p.punct(")") {
			err = errors.New("a parenthesis does not close")
		}
		return inner, err
	}
	field := p.next()
	if field.kind != tokenWord {
		return nil, fmt.Errorf("expected a field, not %q", field.text)
	}
	if !slices.Contains(p.fields, field.text) {
		return nil, fmt.Errorf("invalid field %q", field.text)
	}
	c := comparison{field: field.text}
	if err := p.operation(&c); err != nil {
		return nil, err
	}
	p.comparisons = append(p.comparisons, c)
	return func(lookup func(string) any) bool { return c.holds(lookup(c.field)) }, nil
}

// operation parses what follows a field.
func (p *parser) operation(c *comparison) error {
	negated := p.keyword("NOT")
	if p.keyword("IN") {
		c.operator = "IN"
		if negated {
			c.operator = "NOT IN"
		}
		return p.list(c)
	}
	operator := p.next()
	if negated || operator.kind != tokenOperator {
		return fmt.Errorf("expected an operator after %q", c.field)
	}
	c.operator = operator.text
	return p.literal(c)
}

func (p *parser) list(c *comparison) error {
	if !p.punct("(") {
		return errors.New("expected a list after IN")
	}
	for {
		if err := p.literal(c); err != nil {
			return err
		}
		if p.punct(")") {
			return nil
		}
		if !p.punct(",") {
			return fmt.Errorf("expected a comma, not %q", p.tokens[0].text)
		}
	}
}

func (p *parser) literal(c *comparison) error {
	value := p.next()
	if value.kind != tokenString && value.kind != tokenWord {
		return fmt.Errorf("expected a value after %s, not %q", c.operator, value.text)
	}
	c.literals = append(c.literals, value)
	return nil
}

// next takes a token; tokenEnd stays.
func (p *parser) next() token {
	first := p.tokens[0]
	if first.kind != tokenEnd {
		p.tokens = p.tokens[1:]
	}
	return first
}

// keyword takes the next token if it is this word in any case.
func (p *parser) keyword(word string) bool {
	return p.take(tokenWord, func(text string) bool { return strings.EqualFold(text, word) })
}

// punct takes the next token if it is this sign.
func (p *parser) punct(sign string) bool {
	return p.take(tokenPunct, func(text string) bool { return text == sign })
}

func (p *parser) take(kind tokenKind, fits func(string) bool) bool {
	if p.tokens[0].kind != kind || !fits(p.tokens[0].text) {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

// holds compares the value of a row with the literals of the query.
func (c comparison) holds(value any) bool {
	switch c.operator {
	case "IN", "NOT IN":
		found := slices.ContainsFunc(c.literals, func(literal token) bool { return compare(value, literal) == 0 })
		return found == (c.operator == "IN")
	case "~", "!~":
		contains := strings.Contains(strings.ToLower(fmt.Sprint(value)), strings.ToLower(c.literals[0].text))
		return contains == (c.operator == "~")
	case "!=":
		return compare(value, c.literals[0]) != 0
	}
	order := compare(value, c.literals[0])
	return order != incomparable && inOrder[c.operator](order)
}

// inOrder says which outcome of a comparison satisfies an operator.
var inOrder = map[string]func(int) bool{
	"=":  func(order int) bool { return order == 0 },
	">":  func(order int) bool { return order > 0 },
	">=": func(order int) bool { return order >= 0 },
	"<":  func(order int) bool { return order < 0 },
	"<=": func(order int) bool { return order <= 0 },
}

// incomparable is what compare says about values of two kinds.
const incomparable = 2

// compare orders a value against a literal.
func compare(value any, literal token) int {
	bare := literal.kind == tokenWord
	switch value := value.(type) {
	case nil:
		return equal(bare && literal.text == "null")
	case bool:
		return equal(literal.text == strconv.FormatBool(value))
	case level:
		if rank(literal.text) < 0 {
			return incomparable
		}
		return cmp.Compare(rank(string(value)), rank(literal.text))
	case time.Time:
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
			if moment, err := time.Parse(layout, literal.text); err == nil {
				return value.Compare(moment)
			}
		}
		return incomparable
	case address:
		return strings.Compare(strings.ToLower(string(value)), strings.ToLower(literal.text))
	case string:
		if bare && literal.text == "null" {
			return incomparable
		}
		return strings.Compare(value, literal.text)
	}
	return incomparable
}

func equal(same bool) int {
	if same {
		return 0
	}
	return incomparable
}
