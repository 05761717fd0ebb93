package simulator

import (
	"errors"
	"fmt"
	"strings"
)

// token is one word of a query.
type token struct {
	kind tokenKind
	text string // for a string: without its quotes
}

// tokenKind tells what a token is.
type tokenKind int

const (
	tokenEnd      tokenKind = iota
	tokenWord               // field, keyword, number, date, true, false, null
	tokenString             // in double quotes
	tokenOperator           // = != ~ !~ > >= < <=
	tokenPunct              // ( ) ,
)

// operators holds the longer operators before the shorter ones they start with.
var operators = []string{"!=", "!~", ">=", "<=", "=", "~", ">", "<"}

// lex splits a query into tokens and ends them with tokenEnd.
func lex(query string) ([]token, error) {
	var tokens []token
	for rest := strings.TrimLeft(query, " \t\n"); rest != ""; rest = strings.TrimLeft(rest, " \t\n") {
		next, length, err := lexOne(rest)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, next)
		rest = rest[length:]
	}
	return append(tokens, token{}), nil
}

// lexOne reads the token at the start of rest and tells how long it is.
func lexOne(rest string) (next token, length int, err error) {
	if strings.ContainsRune("(),", rune(rest[0])) {
		return token{tokenPunct, rest[:1]}, 1, nil
	}
	if rest[0] == '"' {
		return lexString(rest)
	}
	for _, operator := range operators {
		if strings.HasPrefix(rest, operator) {
			return token{tokenOperator, operator}, len(operator), nil
		}
	}
	end := strings.IndexAny(rest, " \t\n(),\"=!~<>")
	if end < 0 {
		end = len(rest)
	}
	if end == 0 {
		return token{}, 0, fmt.Errorf("unexpected %q", rest[:1])
	}
	return token{tokenWord, rest[:end]}, end, nil
}

// lexString reads a string; a backslash takes the next character as it is.
func lexString(rest string) (next token, length int, err error) {
	var b strings.Builder
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '"':
			return token{tokenString, b.String()}, i + 1, nil
		case '\\':
			i++
			if i == len(rest) {
				continue
			}
		}
		b.WriteByte(rest[i])
	}
	return token{}, 0, errors.New("a string does not end")
}
