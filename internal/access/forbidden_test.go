package access_test

import (
	"net/http"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// Even for a workspace administrator, from whom nothing is hidden, what is refused is there.
func TestWhatIsForbiddenIsNotGone(t *testing.T) {
	t.Parallel()
	for path, read := range map[string]func(*testing.T, *access.Directory) error{
		"/2.0/repositories/acme/api": func(t *testing.T, d *access.Directory) error {
			t.Helper()
			_, err := d.Repository(t.Context(), "acme", "api")
			return err
		},
		"/2.0/workspaces/acme/projects/PLAT": func(t *testing.T, d *access.Directory) error {
			t.Helper()
			_, err := d.Project(t.Context(), "acme", "PLAT")
			return err
		},
		groupList + "/web": func(t *testing.T, d *access.Directory) error {
			t.Helper()
			_, err := d.UpdateGroup(t.Context(), "acme", "web", access.GroupSettings{Name: "Web", Permission: access.Admin})
			return err
		},
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			fault := simulator.ServerError(http.StatusForbidden, 0)
			fault.Path = path
			w.Inject(fault)
			err := read(t, d)
			failure(t, err)
			if !rest.Is(err, http.StatusForbidden) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestAMembershipThatIsAnsweredForSomebodyElseIsNotTaken(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Status: http.StatusOK, Method: "PUT", Path: groupList + "/web/members/*", Body: `{"uuid":"` + ada.UUID + `","display_name":"Ada"}`})
	_, err := d.AddMember(t.Context(), "acme", "web", linus.UUID)
	badAnswer(t, err, "add user "+linus.UUID+" to group web of workspace acme")
}
