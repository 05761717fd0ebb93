package access

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	uuidPattern = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	// accountPattern covers the account ids that Atlassian gives out: 24 hexadecimal digits, or a prefix, a colon and more.
	accountPattern = regexp.MustCompile(`^(?:[0-9a-f]{24}|[0-9A-Za-z-]+:[0-9A-Za-z:._-]+)$`)
)

// UserID identifies a person. Exactly one of its fields is set.
type UserID struct {
	// UUID is Bitbucket's id in lower case and braces.
	UUID string
	// AccountID is the Atlassian account id.
	AccountID string
}

// ParseUserID reads a UUID, with or without braces, or an Atlassian account id.
func ParseUserID(text string) (UserID, error) {
	if uuid, ok := ParseUUID(text); ok {
		return UserID{UUID: uuid}, nil
	}
	if accountPattern.MatchString(text) {
		return UserID{AccountID: text}, nil
	}
	hint := ""
	if strings.Contains(text, "@") {
		hint = "; to find a person by e-mail address, use the data source bitbucket_user"
	}
	return UserID{}, fmt.Errorf("%q is neither a UUID such as {6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10} nor an Atlassian account id such as "+
		"557058:6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10 or 5b10ac8d82e05b22cc7d4ef5%s", text, hint)
}

// ParseUUID reads a UUID with or without braces, in either case, and returns it in lower case and braces, as Bitbucket writes it.
func ParseUUID(text string) (string, bool) {
	bare := strings.ToLower(text)
	if strings.HasPrefix(bare, "{") && strings.HasSuffix(bare, "}") {
		bare = bare[1 : len(bare)-1]
	}
	return "{" + bare + "}", uuidPattern.MatchString(bare)
}

// String is the id as paths take it.
func (id UserID) String() string {
	if id.UUID != "" {
		return id.UUID
	}
	return id.AccountID
}

// is tells whether the id is that of a person with the given UUID and account id.
func (id UserID) is(uuid, accountID string) bool {
	return id.UUID != "" && id.UUID == uuid || id.AccountID != "" && id.AccountID == accountID
}
