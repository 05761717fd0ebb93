package provider_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

const (
	allowedPlan = "The policy allows this plan: nobody outside the platform group becomes admin."
	refusedPlan = "The policy refuses this plan: nobody outside the platform group becomes admin.\n\n"

	linusUUID = "{571778ae-b73c-40d2-87be-88edffa4ecc7}"
	graceUUID = "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}"
)

// gives is a resource of a type, of workspace acme, with more arguments.
func gives(kind string, arguments ...string) string {
	return fmt.Sprintf("resource \"bitbucket_%s\" \"it\" {\n  workspace = \"acme\"\n  %s\n}\n", kind, strings.Join(arguments, "\n  "))
}

// notYet is a value that is known only after apply.
const notYet = "resource \"terraform_data\" \"later\" {\n  input = \"admin\"\n}\n"

// policed is the pipeline of the example with a project OPS, its repository infra and a group of administrators besides.
func policed(t *testing.T) pipeline {
	t.Helper()
	w := acctest.New(t, simulator.Options{})
	w.AddProject(simulator.Project{Workspace: "acme", Key: "OPS", Name: "Operations"})
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "OPS", Slug: "infra", Name: "infra"})
	w.AddGroupMember("acme", w.AddGroup("acme", simulator.Group{Name: "Administrators"}).Slug, w.Ada.UUID)
	return unapplied(t, w)
}

// verdictOf is what the policy says of a plan with these resources, without the names of resources.
func verdictOf(t *testing.T, p pipeline, resources string) []string {
	t.Helper()
	p.save(t, "more.tf", resources)
	_, summary := p.expect(t, 2, "sh drift.sh detect")
	_, verdict, _ := strings.Cut(summary, "\n## Policy\n\n")
	if strings.TrimSpace(verdict) == allowedPlan {
		return nil
	}
	listed, refused := strings.CutPrefix(verdict, refusedPlan)
	if !refused || listed == "" {
		t.Fatalf("the policy says %q", verdict)
	}
	reasons := slices.Collect(strings.Lines(strings.TrimSpace(ids.ReplaceAllString(listed, ""))))
	for i := range reasons {
		_, reasons[i], _ = strings.Cut(strings.TrimSpace(reasons[i]), ": ")
	}
	return reasons
}

// TestThePolicyRefusesWhoeverWouldBecomeAdmin tries the policy on plans that Terraform makes, of whatever can give admin and what only looks like it.
func TestThePolicyRefusesWhoeverWouldBecomeAdmin(t *testing.T) {
	t.Parallel()
	const (
		infra, ops = `repo_slug = "infra"`, `project_key = "OPS"`
		admin      = `permission = "admin"`
		linus      = `user_id = "` + linusUUID + `"`
		joins      = "user `Linus` would become a member of group `acme/developers`, which may have admin" // by the list of the example
	)
	for name, test := range map[string]struct {
		resources string
		want      []string
	}{
		"a user on a repository": {gives("repository_user_permission", infra, linus, admin), []string{"user `Linus` would become admin of repository `acme/infra`"}},
		"a user on a project":    {gives("project_user_permission", ops, linus, admin), []string{"user `Linus` would become admin of project `acme/OPS`"}},
		"a group on a repository": {
			gives("repository_group_permission", infra, `group_slug = "developers"`, admin),
			[]string{joins, "group `developers` would become admin of repository `acme/infra`"},
		},
		"a group on a project": {
			gives("project_group_permission", ops, `group_slug = "developers"`, admin),
			[]string{joins, "group `developers` would become admin of project `acme/OPS`"},
		},
		"the list of a repository": {
			gives("repository_permissions_exclusive", infra, `users = { "`+linusUUID+`" = "admin", "`+graceUUID+`" = "admin" }`, `groups = { developers = "write" }`),
			[]string{"user `Linus` would become admin of repository `acme/infra`"},
		},
		"the list of a project": {
			gives("project_permissions_exclusive", ops, "users = {}", `groups = { developers = "admin", platform = "admin" }`, `unmanaged = "report"`),
			[]string{joins, "group `developers` would become admin of project `acme/OPS`"},
		},
		"a member of an admin group": {
			gives("group_membership", `group_slug = "administrators"`, linus),
			[]string{"user `Linus` would become a member of group `acme/administrators`, which may have admin"},
		},
		"the members of an admin group": {
			gives("group_members_exclusive", `group_slug = "administrators"`, `user_ids = ["`+linusUUID+`", "`+graceUUID+`"]`, "allow_self_lockout = true"),
			[]string{"user `Linus` would become a member of group `acme/administrators`, which may have admin"},
		},
		"a member of a group that has admin in the same plan": {
			gives("project_group_permission", ops, `group_slug = "developers"`, admin) + gives("group_membership", `group_slug = "developers"`, linus),
			[]string{joins, "group `developers` would become admin of project `acme/OPS`"},
		},
		"a default permission": {gives("group", `name = "Leads"`, admin), []string{"group `acme/Leads` would get admin on every new repository"}},
		"everybody joins the administrators": {
			gives("group", `name = "Administrators"`, "auto_add = true") + "import {\n  to = bitbucket_group.it\n  id = \"acme/administrators\"\n}\n",
			[]string{"everybody who joins the workspace would become a member of group `acme/administrators`, which may have admin"},
		},
		"an invitation to a repository": {
			gives("workspace_invitation", `email = "edsger@partner.example"`, infra, admin),
			[]string{"`edsger@partner.example` would become admin of repository `acme/infra`"},
		},
		"an invitation into an admin group": {
			gives("workspace_invitation", `email = "edsger@partner.example"`, `group_slugs = ["developers", "platform"]`),
			[]string{"`edsger@partner.example` would become a member of group `acme/platform`, which may have admin"},
		},
		"a level that is not known": {
			notYet + gives("repository_user_permission", infra, linus, "permission = terraform_data.later.output"),
			[]string{"user `Linus` would become admin of repository `acme/infra`, as its level is known only after apply"},
		},
		"a level on a list that is not known": {
			notYet + gives("project_permissions_exclusive", ops, "users = {}", "groups = { developers = terraform_data.later.output }"),
			[]string{"group `developers` would become admin of project `acme/OPS`, as its level is known only after apply"},
		},
		"a user who is not known": {
			notYet + gives("project_user_permission", ops, "user_id = terraform_data.later.output", admin),
			[]string{"a user known only after apply would become admin of project `acme/OPS`"},
		},
		"a list that is not known": {
			notYet + gives("repository_permissions_exclusive", infra, `users = { (terraform_data.later.output) = "read" }`, "groups = {}"),
			[]string{"who has access to repository `acme/infra` is known only after apply"},
		},
		"members who are not known": {
			notYet + gives("group_members_exclusive", `group_slug = "administrators"`, "user_ids = [terraform_data.later.output]"),
			[]string{"a user known only after apply would become a member of group `acme/administrators`, which may have admin"},
		},
		"a group that is not known": {
			gives("group", `name = "Leads"`) + gives("repository_group_permission", infra, "group_slug = bitbucket_group.it.slug", admin),
			[]string{"a group known only after apply would become admin of repository `acme/infra`"},
		},
		"a member of a group that is not known": {
			gives("group", `name = "Leads"`) + gives("group_membership", "group_slug = bitbucket_group.it.slug", linus),
			[]string{"user `Linus` would become a member of a group known only after apply, which may have admin"},
		},
		"an invitation whose level is not known": {
			notYet + gives("workspace_invitation", `email = "edsger@partner.example"`, infra, "permission = terraform_data.later.output"),
			[]string{"`edsger@partner.example` would become admin of repository `acme/infra`"},
		},
		"a group of which it is not known who joins it": {
			notYet + gives("group", `name = "Leads"`, admin, `auto_add = terraform_data.later.output == "admin"`),
			[]string{
				"everybody who joins the workspace would become a member of group `acme/Leads`, which may have admin",
				"group `acme/Leads` would get admin on every new repository",
			},
		},
		"an invitation into groups that are not known": {
			gives("group", `name = "Leads"`) + gives("workspace_invitation", `email = "edsger@partner.example"`, "group_slugs = [bitbucket_group.it.slug]"),
			[]string{"`edsger@partner.example` would join groups that are known only after apply"},
		},

		"the example as it is":           {"", nil},
		"somebody of the platform group": {gives("repository_user_permission", infra, `user_id = "`+graceUUID+`"`, admin), nil},
		"somebody of it in other words": {
			gives("project_user_permission", ops, `user_id = "`+strings.ToUpper(strings.Trim(graceUUID, "{}"))+`"`, admin),
			nil,
		},
		"the platform group":        {gives("project_group_permission", ops, `group_slug = "platform"`, admin), nil},
		"a lower level":             {gives("repository_user_permission", infra, linus, `permission = "write"`), nil},
		"a member of another group": {gives("group_membership", `group_slug = "developers"`, `user_id = "`+graceUUID+`"`), nil},
		"a lower level for a group that is not known": {
			gives("group", `name = "Leads"`) + gives("project_group_permission", ops, "group_slug = bitbucket_group.it.slug", `permission = "write"`),
			nil,
		},
		"a group without a default permission": {gives("group", `name = "Leads"`, "auto_add = true"), nil},
		"an invitation into another group": {
			gives("workspace_invitation", `email = "edsger@partner.example"`, `group_slugs = ["developers"]`),
			nil,
		},
		"an invitation to a repository with less": {
			gives("workspace_invitation", `email = "edsger@partner.example"`, infra, `permission = "write"`),
			nil,
		},
		"what others than the provider do": {notYet, nil},
		"a level of the platform group, not known": {
			notYet + gives("repository_group_permission", infra, `group_slug = "platform"`, "permission = terraform_data.later.output"),
			nil,
		},
		"members of another group who are not known": {
			notYet + gives("group_members_exclusive", `group_slug = "auditors"`, "user_ids = [terraform_data.later.output]"),
			nil,
		},
		"an exclusive list that only takes access away": {gives("repository_permissions_exclusive", infra, "users = {}", "groups = {}"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := policed(t)
			p.world.AddGroup("acme", simulator.Group{Name: "Auditors"})
			if strings.Contains(test.resources, `"developers"`) && strings.Contains(test.resources, "bitbucket_group_membership") {
				p.edit(t, "main.tf", `group_slug = "developers"`, `group_slug = "auditors"`) // the list of the example would be a second owner
			}
			if diff := cmp.Diff(test.want, verdictOf(t, p, test.resources)); diff != "" {
				t.Errorf("the policy says (-want +got):\n%s", diff)
			}
		})
	}
}

// TestThePolicyLooksAtWhoBecomesAdminAndNotAtWhoWas holds that what a plan leaves, lowers or takes away is allowed, and what it raises is not.
func TestThePolicyLooksAtWhoBecomesAdminAndNotAtWhoWas(t *testing.T) {
	t.Parallel()
	list := func(linus, developers string) string {
		return gives("repository_permissions_exclusive", `repo_slug = "infra"`, `users = { "`+linusUUID+`" = "`+linus+`" }`, `groups = { developers = "`+developers+`" }`)
	}
	grant := func(project, level string) string {
		return gives("project_user_permission", `project_key = "`+project+`"`, `user_id = "`+linusUUID+`"`, `permission = "`+level+`"`)
	}
	p := policed(t)
	p.save(t, "more.tf", list("admin", "write")+grant("OPS", "admin"))
	for _, command := range []string{"init", "apply -auto-approve"} {
		if output, code := p.run(t, `"$TERRAFORM" `+command); code != 0 {
			t.Fatal(output)
		}
	}
	developers := "group `developers` would become admin of repository `acme/infra`"
	for _, test := range []struct {
		resources string
		want      []string
	}{
		{list("admin", "read") + grant("OPS", "admin"), nil},
		{list("read", "write") + grant("OPS", "write"), nil},
		{list("admin", "admin") + grant("OPS", "admin"), []string{developers}},
		{list("admin", "write"), nil},
		{grant("OPS", "admin"), nil},
		{list("admin", "write") + grant("WEB", "admin"), []string{"user `Linus` would become admin of project `acme/WEB`"}}, // replaced
	} {
		if diff := cmp.Diff(test.want, verdictOf(t, p, test.resources)); diff != "" {
			t.Errorf("%s: the policy says (-want +got):\n%s", test.resources, diff)
		}
	}
}
