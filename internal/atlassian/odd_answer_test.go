package atlassian_test

import (
	"errors"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// TestAnAddressWithoutACursorIsAnError holds that it is not taken for the end, which would cut the list short.
func TestAnAddressWithoutACursorIsAnError(t *testing.T) {
	t.Parallel()
	for _, next := range []string{`"https://api.atlassian.com/admin/x?page=2"`, `"https://api.atlassian.com/%zz?cursor=c1"`, `"https://api.atlassian.com/x?cursor=a;b"`} {
		got, err := accounts(t.Context(), newClient(t, serve(t, page(next, "a"), page(`null`, "b")), rest.Options{}))
		if err == nil {
			t.Errorf("%s: %v and no error", next, got)
		}
	}
}

func TestARowThatIsNullIsAnError(t *testing.T) {
	t.Parallel()
	got, err := accounts(t.Context(), newClient(t, serve(t, say(200, `{"data":[null,{}]}`)), rest.Options{}))
	if err == nil {
		t.Errorf("%q and no error", got)
	}
}

func TestAnInvitationThatNamesNobodyIsABadAnswer(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"data":null}`, `{"data":[]}`, `{"data":[{}]}`, `{"errors":[]}`} {
		id, err := newClient(t, serve(t, say(206, body)), rest.Options{}).Invite(t.Context(), "a@x", []string{"g"}, "")
		if !errors.Is(err, rest.ErrBadAnswer) {
			t.Errorf("%s: %q %v", body, id, err)
		}
	}
}
