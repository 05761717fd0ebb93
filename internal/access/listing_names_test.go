package access_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestAListOfGroupsThatIsNonsenseIsNamed holds that an answer that cannot be used says what was asked for, as a refusal does.
func TestAListOfGroupsThatIsNonsenseIsNamed(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Path: groupList, Rewrite: func(body []byte) []byte {
		return []byte(strings.ReplaceAll(string(body), `"slug"`, `"snail"`))
	}})
	_, err := d.Groups(t.Context(), "acme")
	action, named := errors.AsType[*access.ActionError](err)
	if !errors.Is(err, rest.ErrBadAnswer) || !named || action.Action != "list the groups of workspace acme" {
		t.Errorf("error %v, want ErrBadAnswer for the list of the groups", err)
	}
}
