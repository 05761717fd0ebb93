package access_test

import (
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

const (
	bare   = "470c176d-3574-44ea-bb41-89e8638bcca4"
	braced = "{" + bare + "}"
)

func TestIdsOfPeopleAreRead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text string
		want access.UserID
	}{
		"a UUID in braces":                   {braced, access.UserID{UUID: braced}},
		"a bare UUID":                        {bare, access.UserID{UUID: braced}},
		"a UUID in capitals":                 {strings.ToUpper(bare), access.UserID{UUID: braced}},
		"a UUID in capitals and braces":      {strings.ToUpper(braced), access.UserID{UUID: braced}},
		"an account id with a UUID":          {"557058:" + bare, access.UserID{AccountID: "557058:" + bare}},
		"an account id of newer form":        {"712020:" + bare, access.UserID{AccountID: "712020:" + bare}},
		"an account id of 24 digits":         {"623316f53fbb880068413f6b", access.UserID{AccountID: "623316f53fbb880068413f6b"}},
		"an account id with a short prefix":  {"qm:" + bare + ":" + bare, access.UserID{AccountID: "qm:" + bare + ":" + bare}},
		"an account id, whose case it keeps": {"557058:ABC", access.UserID{AccountID: "557058:ABC"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := access.ParseUserID(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "id", tt.want, got)
			equal(t, "text of the id", tt.want.UUID+tt.want.AccountID, got.String())
			again, err := access.ParseUserID(got.String())
			if err != nil || again != got {
				t.Errorf("reading %q again: %v, %v", got.String(), again, err)
			}
		})
	}
}

func TestWhatIsNoIdOfAPersonIsRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":                     "",
		"a nickname":                  "ada",
		"a name":                      "Ada Lovelace",
		"an opening brace":            "{" + bare,
		"a closing brace":             bare + "}",
		"two braces":                  "{{" + bare + "}}",
		"empty braces":                "{}",
		"a brace":                     "{",
		"a UUID that is short":        bare[:35],
		"a UUID that is long":         bare + "0",
		"a UUID without dashes":       strings.ReplaceAll(bare, "-", ""),
		"a UUID with another letter":  "g" + bare[1:],
		"a UUID with a space":         " " + bare,
		"a UUID with a line break":    bare + "\n",
		"a UUID with escaped braces":  "%7B" + bare + "%7D",
		"a UUID with full width":      "４" + bare[1:],
		"23 digits":                   "623316f53fbb880068413f6",
		"25 digits":                   "623316f53fbb880068413f6b0",
		"24 digits with a letter":     "623316f53fbb880068413f6g",
		"24 digits with a line break": "623316f53fbb880068413f6b\n",
		"a colon":                     ":",
		"only a prefix":               "557058:",
		"no prefix":                   ":" + bare,
		"a slash":                     "557058:a/b",
		"a way up":                    "../" + bare,
		"an account id with braces":   "557058:{" + bare + "}",
		"an account id with a space":  "557058: " + bare,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := access.ParseUserID(text); err == nil {
				t.Errorf("ParseUserID(%q) = %+v, want an error", text, got)
			}
			if _, ok := access.ParseUUID(text); ok {
				t.Errorf("ParseUUID(%q) is ok", text)
			}
		})
	}
}

func TestAnAddressIsRefusedWithAHint(t *testing.T) {
	t.Parallel()
	_, err := access.ParseUserID("ada@acme.example")
	if err == nil || !strings.Contains(err.Error(), "bitbucket_user") {
		t.Errorf("error is %v, want one that names the data source", err)
	}
	if _, err = access.ParseUserID("ada"); err == nil || strings.Contains(err.Error(), "bitbucket_user") {
		t.Errorf("error is %v, want one without the hint", err)
	}
}
