package simulator

import (
	"net/url"
	"slices"
	"strconv"
)

// criterion is one key of a search: a list of at most so many texts, or else a text, a boolean or something of its own.
type criterion struct {
	most   int            // texts in the list; 0 for what is no list
	flag   bool           // it is a boolean
	values []string       // the texts that it takes; nil is any text
	valid  func(any) bool // whether it takes a value of its own form; nil for a list, a boolean and a text
}

// search are the rules of one list: what may be asked for, and what excludes each other.
type search struct {
	criteria  map[string]criterion
	exclusive [][2]string
	sortable  string // the one field to sort by
	fallback  int    // rows on a page when nobody asks
	most      int    // rows on a page
	alone     bool   // a cursor excludes every other key
	urls      bool   // next is a URL
}

// query turns the parameters of a GET that the list knows into what a body would hold. Lists repeat their parameter.
// With a cursor all other parameters are discarded (specification).
func (rules search) query(parameters url.Values) map[string]any {
	if cursor := parameters.Get("cursor"); cursor != "" {
		return map[string]any{"cursor": cursor}
	}
	asked := map[string]any{}
	for key, values := range parameters {
		known, ok := rules.criteria[key]
		switch {
		case known.most > 0:
			list := make([]any, len(values))
			for i, value := range values {
				list[i] = value
			}
			asked[key] = list
		case known.flag:
			asked[key] = parsed(values[0], strconv.ParseBool)
		case key == "limit":
			asked[key] = parsed(values[0], func(text string) (float64, error) { return strconv.ParseFloat(text, 64) })
		case ok:
			asked[key] = values[0]
		}
	}
	return asked
}

// parsed is the value that a text stands for, or the text where it stands for none: check refuses it then.
func parsed[T any](text string, parse func(string) (T, error)) any {
	value, err := parse(text)
	if err != nil {
		return text
	}
	return value
}

// check refuses what breaks the rules of a list.
func (rules search) check(asked map[string]any) error {
	for key, value := range asked {
		if !rules.fits(key, value) {
			return failDetail("ADMIN-400-24", "%s is not valid", key)
		}
	}
	if asked["cursor"] != nil && rules.alone && len(asked) > 1 {
		return failDetail("ADMIN-400-24", "cursor stands alone")
	}
	for _, pair := range rules.exclusive {
		if asked[pair[0]] != nil && asked[pair[1]] != nil {
			return failDetail("ADMIN-400-24", "%s and %s are mutually exclusive", pair[0], pair[1])
		}
	}
	return nil
}

// fits tells whether a key is known and its value is of the right kind.
func (rules search) fits(key string, value any) bool {
	known, ok := rules.criteria[key]
	switch {
	case value == nil:
		return ok || key == "cursor" || key == "limit" || key == "sortBy"
	case key == "limit":
		limit, number := value.(float64)
		return number && limit == float64(int(limit)) && limit >= 1 && int(limit) <= rules.most
	case key == "sortBy":
		return rules.sorts(value)
	case key == "cursor":
		_, text := value.(string)
		return text
	case !ok:
		return false
	case known.valid != nil:
		return known.valid(value)
	case known.flag:
		_, flag := value.(bool)
		return flag
	case known.most > 0:
		list, isList := value.([]any)
		return isList && len(list) > 0 && len(list) <= known.most && !slices.ContainsFunc(list, func(v any) bool { return !known.takes(v) })
	}
	return known.takes(value)
}

// sorts tells whether a value of sortBy is a list of the one field that can be sorted by.
func (rules search) sorts(value any) bool {
	list, _ := value.([]any)
	if len(list) != 1 || rules.sortable == "" {
		return false
	}
	by, _ := list[0].(map[string]any)
	return by["field"] == rules.sortable && (by["direction"] == "asc" || by["direction"] == "desc")
}

// takes tells whether one value is a text that a criterion allows.
func (c criterion) takes(value any) bool {
	text, isText := value.(string)
	return isText && (c.values == nil || slices.Contains(c.values, text))
}
