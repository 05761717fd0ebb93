package simulator_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestLagsOfTheOrganization(t *testing.T) {
	t.Parallel()
	clock := newClock()
	c := newCorp(t, simulator.Options{Now: clock.Now, OrganizationVisibleAfter: 2 * time.Second, BitbucketFollowsAfter: 30 * time.Second})
	c.admin.want(http.StatusCreated, http.MethodPost, c.directory+"/groups", `{"name":"late"}`)
	search := func() int {
		return len(c.admin.do(http.MethodPost, c.directory+"/groups/search", `{"groupNames":["late"]}`).values())
	}
	if got := search(); got != 0 {
		t.Errorf("a new group shows at once: %d", got)
	}
	late := c.named("late").ID
	c.admin.want(http.StatusOK, http.MethodPost, c.group(late)+"/role-assignments/assign", `{"resourceId":"`+c.ari+`","roleId":"atlassian/user"}`)
	c.admin.want(http.StatusNoContent, http.MethodPost, c.group(late)+"/memberships", `{"accountId":"`+c.linus.AccountID+`"}`)
	clock.advance(2 * time.Second)
	if got := search(); got != 1 {
		t.Errorf("a new group does not show after the lag: %d", got)
	}
	linus := "/2.0/workspaces/corp/projects/P/permissions-config/users/" + url.PathEscape(c.linus.UUID)
	c.expectPeople("before Bitbucket follows", "ada", "grace")
	c.bitbucket.want(http.StatusBadRequest, http.MethodPut, linus, `{"permission":"read"}`)
	if g, found := c.Group("corp", late); !found || len(g.Members) != 1 {
		t.Errorf("direct functions see the lag: %+v", g)
	}
	if got := len(c.Snapshot().Workspaces[0].Members); got != 3 {
		t.Errorf("the snapshot sees the lag: %d members", got)
	}
	clock.advance(28 * time.Second)
	c.expectPeople("after it followed", "ada", "grace", "linus")
	c.bitbucket.want(http.StatusOK, http.MethodPut, linus, `{"permission":"read"}`)

	c.admin.want(http.StatusNoContent, http.MethodDelete, c.group(late)+"/memberships/"+c.linus.AccountID, "")
	c.expectPeople("before Bitbucket follows again", "ada", "grace", "linus")
	c.SetOrganizationLag(0, 0)
	c.AddToOrganization(c.org, c.edsger.UUID)
	c.expectPeople("after a direct function", "ada", "grace")
	c.admin.want(http.StatusNoContent, http.MethodPost, c.group(late)+"/memberships", `{"accountId":"`+c.edsger.AccountID+`"}`)
	c.expectPeople("without lags", "ada", "edsger", "grace")
}
