package simulator

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
)

// uuidOf makes a UUID that is the same on every run: it depends on the words alone.
func uuidOf(words ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	sum[6] = sum[6]&0x0f | 0x40
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// bracedUUID is uuidOf in the form in which Bitbucket writes its own ids.
func bracedUUID(words ...string) string { return "{" + uuidOf(words...) + "}" }

// unused returns the first UUID made from the words that no object has or had: whoever deletes and creates again gets another id.
func unused[V any](taken map[string]V, words ...string) string {
	id := bracedUUID(words...)
	for n := 2; ; n++ {
		if _, ok := taken[id]; !ok {
			return id
		}
		id = bracedUUID(append(words, strconv.Itoa(n))...)
	}
}

// isBracedUUID tells whether text has the form of Bitbucket's ids.
func isBracedUUID(text string) bool {
	return len(text) == 38 && text[0] == '{' && text[37] == '}' && isUUID(text[1:37])
}

// isUUID tells whether text is a UUID without braces.
func isUUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i, r := range text {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (r == '-') || !dash && !strings.ContainsRune("0123456789abcdefABCDEF", r) {
			return false
		}
	}
	return true
}
