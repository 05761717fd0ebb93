package review

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible is a text in one line in which everything can be seen. Names are chosen by others: a line end, a control character or one that
// turns the direction of writing could make a text look like another one, so that they are written as Go escapes them.
func visible(text string) string {
	if isPlain(text) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		noText := r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)) // a byte that is not UTF-8
		switch {
		case noText:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case strconv.IsGraphic(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}

// isPlain tells whether a text is printable ASCII, as most are. It looks at bytes, because a table has millions of cells.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// beginsFormula tells whether a character makes a cell a formula to a spreadsheet when it comes first (OWASP, CSV Injection).
func beginsFormula(r rune) bool {
	switch r {
	case '=', '+', '-', '@', '＝', '＋', '－', '＠':
		return true
	default:
		return false
	}
}

// cell is a text as a cell of a table: visible, and no formula to a spreadsheet. A spreadsheet may take a semicolon, a comma, a bar or a quote
// for the end of a cell, whatever the file says, so that what follows one must not begin a formula either.
func cell(text string) string {
	text = visible(text)
	if !strings.ContainsFunc(text, beginsFormula) {
		return text
	}
	var b strings.Builder
	first := true
	for _, r := range text {
		if first && beginsFormula(r) {
			b.WriteByte('\'')
		}
		first = first && unicode.IsSpace(r) || strings.ContainsRune(`;,|"`, r)
		b.WriteRune(r)
	}
	return b.String()
}
