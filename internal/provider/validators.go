package provider

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// textRule is a validator of a text: check says what is wrong with it, or nil.
type textRule struct {
	description string
	check       func(text string) error
}

var _ validator.String = textRule{}

func (r textRule) Description(context.Context) string         { return r.description }
func (r textRule) MarkdownDescription(context.Context) string { return r.description }

// ValidateString reports a text that the rule refuses; what is unknown is checked when it is known.
func (r textRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := r.check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(), fmt.Sprintf("%s: %s.", req.Path, err))
	}
}

var (
	slugPattern       = regexp.MustCompile(`^[a-z0-9_.-]*[a-z0-9_-][a-z0-9_.-]*$`)
	projectKeyPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
	// emailPattern leaves out the signs that only quoted addresses hold, which nobody has and which would stand for something else in an
	// import id with colons and in a query.
	emailPattern = regexp.MustCompile(`^[^@\s"(),:;<>\[\\\]]+@[^@\s"(),:;<>\[\\\]]+$`)
)

// maxEmail is how many bytes an e-mail address may have (RFC 5321 4.5.3.1: the longest path, without its brackets).
const maxEmail = 254

// The rules of the texts that name things in Bitbucket.
var (
	workspaceRef = textRule{"the slug or UUID of a workspace", func(text string) error {
		if _, ok := access.ParseUUID(text); ok {
			return nil
		}
		return match(slugPattern, text, "the slug of a workspace, as in bitbucket.org/<slug>, in lower case, nor its UUID")
	}}
	repoSlug = textRule{"the slug of a repository", func(text string) error {
		return match(slugPattern, text, "the slug of a repository, as in bitbucket.org/<workspace>/<slug>, in lower case")
	}}
	projectKey = textRule{"the key of a project", func(text string) error {
		return match(projectKeyPattern, text, "the key of a project: a letter, then letters, digits and underscores")
	}}
	groupSlug = textRule{"the slug of a group", func(text string) error {
		return match(slugPattern, text, "the slug of a group: lower-case letters, digits, dashes, dots and underscores; the name Code Owners, for "+
			"one, has the slug code-owners")
	}}
	groupName = textRule{"a name without blanks around it", func(text string) error {
		switch {
		case text != strings.TrimSpace(text), strings.ContainsFunc(text, misleading):
			return fmt.Errorf("%q has blanks around it or control characters in it, which Bitbucket would not keep", text)
		case !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }):
			return fmt.Errorf("%q has no letter and no digit, of which the slug is made", text)
		}
		return nil
	}}
	userID = textRule{"the UUID or Atlassian account id of a user", func(text string) error {
		_, err := access.ParseUserID(text)
		return err
	}}
	emailAddress = textRule{"an e-mail address", func(text string) error {
		if len(text) > maxEmail || strings.ContainsFunc(text, func(r rune) bool { return !strconv.IsPrint(r) }) || !utf8.ValidString(text) {
			return fmt.Errorf("%q is longer than an e-mail address can be, or has invisible characters in it", text)
		}
		return match(emailPattern, text, "an e-mail address")
	}}
	filterQuery = textRule{"a filter in Bitbucket's query language", func(text string) error {
		if strings.TrimSpace(text) == "" {
			return errors.New("the text is empty; leave the attribute out, or set it to null, for no filter")
		}
		return balanced(text)
	}}
	notEmpty = textRule{"a text that is not empty", func(text string) error {
		if text == "" {
			return errors.New("the text is empty; leave the attribute out, or set it to null, for no value")
		}
		return nil
	}}
)

// The rules of the provider's configuration.
var (
	organizationID = textRule{"the id of an organization, a UUID", func(text string) error {
		if _, ok := access.ParseUUID(text); !ok { // the text is not repeated: it may be the key in the wrong place
			return errors.New("it is not the id of an organization, which is a UUID such as 6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10")
		}
		return nil
	}}
	directoryID = textRule{"the id of a directory, a UUID", func(text string) error {
		if _, ok := access.ParseUUID(text); !ok {
			return fmt.Errorf("%q is not the id of a directory, which is a UUID such as 6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10", text)
		}
		return nil
	}}
	apiAddress = textRule{"an https URL", func(text string) error {
		_, err := rest.ParseBaseURL(text)
		return err
	}}
	duration = textRule{"a duration such as 90s, 15m or 1h", func(text string) error {
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			return fmt.Errorf("%q is not a duration such as 90s, 15m or 1h", text)
		}
		return nil
	}}
)

// misleading tells whether a character makes what is shown something else than what is there: controls, line ends, and what turns the direction
// of the text around. Others that cannot be seen, such as marks of direction or what joins emoji, are harmless in names.
func misleading(r rune) bool {
	turns := '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069'
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) || turns
}

// balanced says what is wrong with the parentheses and quotes of a filter. One that is joined with others must not end before they do.
func balanced(filter string) error {
	depth, quoted, escaped := 0, false, false
	for _, r := range filter {
		switch {
		case escaped:
			escaped = false
		case quoted && r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '(':
			depth++
		case r == ')':
			depth--
		}
		if depth < 0 {
			return fmt.Errorf("%q has a closing parenthesis without an opening one", filter)
		}
	}
	switch {
	case quoted:
		return fmt.Errorf("%q has a text that does not end: quotes are missing", filter)
	case depth > 0:
		return fmt.Errorf("%q has an opening parenthesis without a closing one", filter)
	}
	return nil
}

func match(pattern *regexp.Regexp, text, what string) error {
	if !pattern.MatchString(text) {
		return fmt.Errorf("%q is not %s", text, what)
	}
	return nil
}
