package provider_test

import (
	"net/http"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestAPlanWarnsOfAGroupThatHasTheNameOfANewOne holds that it says so before the apply is refused, asks for nothing more, and that what it
// advises helps.
func TestAPlanWarnsOfAGroupThatHasTheNameOfANewOne(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	ops := w.AddGroup("acme", simulator.Group{Name: "Ops", Members: []string{w.Grace.UUID, w.Linus.UUID}})
	block := "resource \"bitbucket_group\" \"ops\" {\n  workspace = \"acme\"\n  name = \"OPS\"\n}\n"
	c := w.Command(t, block)
	warning := says("Warning: A group has this name already", `Group "Ops" of workspace acme has the slug ops. It has 2 members.`, "import it with the "+
		"id acme/ops", "applying this plan is refused")
	if output := c.Run(t, 0, "plan"); !warning.MatchString(output) {
		t.Errorf("the plan says\n%s", output)
	}
	count(t, w, http.MethodGet, "/1.0/groups/acme", 1)
	if output := c.Run(t, 1, "apply", "-auto-approve"); !says("Unable to create group", "exists already", "It has 2 members").MatchString(output) {
		t.Errorf("the apply says\n%s", output)
	}
	c.Run(t, 0, "import", "bitbucket_group.ops", "acme/"+ops.Slug)
	if output := c.Run(t, 0, "plan"); warning.MatchString(output) {
		t.Errorf("the plan of the group that was imported says\n%s", output)
	}
}

// TestAGroupOfOneHasOneMember holds that the plan says so in English.
func TestAGroupOfOneHasOneMember(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.AddGroup("acme", simulator.Group{Name: "Ops", Members: []string{w.Grace.UUID}})
	c := w.Command(t, "resource \"bitbucket_group\" \"ops\" {\n  workspace = \"acme\"\n  name = \"OPS\"\n}\n")
	if output := c.Run(t, 0, "plan"); !says("has the slug ops. It has 1 member. To manage it here").MatchString(output) {
		t.Errorf("the plan says\n%s", output)
	}
}
