package provider_test

import (
	"fmt"
	"strings"
)

const (
	allowedPlan = "The policy allows this plan: nobody outside the platform group becomes admin."
	refusedPlan = "The policy refuses this plan: nobody outside the platform group becomes admin.\n\n"

	linusUUID = "{571778ae-b73c-40d2-87be-88edffa4ecc7}"
	graceUUID = "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}"

	linusAccount, graceAccount = "LINUS", "GRACE"

	infra, ops = `repo_slug = "infra"`, `project_key = "OPS"`
	admin      = `permission = "admin"`
	linus      = `user_id = "` + linusUUID + `"`
)

// gives is a resource of a type, of workspace acme, with more arguments.
func gives(kind string, arguments ...string) string {
	return fmt.Sprintf("resource \"bitbucket_%s\" \"it\" {\n  workspace = \"acme\"\n  %s\n}\n", kind, strings.Join(arguments, "\n  "))
}

// notYet is a value that is known only after apply.
const notYet = "resource \"terraform_data\" \"later\" {\n  input = \"admin\"\n}\n"

// calls is somebody else's resource, in which the author of a configuration says who is who.
func calls(id, name string) string {
	return fmt.Sprintf("resource \"terraform_data\" \"it\" {\n  input = { account_id = %[1]q, uuid = %[2]q, group_slug = %[1]q, name = %[2]q }\n}\n", id, name)
}

// policyCases are resources, by what they are, with what the policy says of them.
type policyCases map[string]struct {
	resources string
	want      []string
}

// refusals are what can give admin.
func refusals() policyCases {
	return policyCases{
		"a user on a repository": {gives("repository_user_permission", infra, linus, admin), []string{"user `Linus` would become admin of repository `acme/infra`"}},
		"a user on a project":    {gives("project_user_permission", ops, linus, admin), []string{"user `Linus` would become admin of project `acme/OPS`"}},
		"a group on a repository": {
			gives("repository_group_permission", infra, `group_slug = "team"`, admin),
			[]string{"group `team` would become admin of repository `acme/infra`"},
		},
		"a group on a project": {
			gives("project_group_permission", ops, `group_slug = "team"`, admin),
			[]string{"group `team` would become admin of project `acme/OPS`"},
		},
		"the list of a repository": {
			gives("repository_permissions_exclusive", infra, `users = { "`+linusUUID+`" = "admin", "`+graceUUID+`" = "admin" }`, `groups = { developers = "write" }`),
			[]string{"user `Linus` would become admin of repository `acme/infra`"},
		},
		"the list of a project": {
			gives("project_permissions_exclusive", ops, "users = {}", `groups = { team = "admin", platform = "admin" }`, `unmanaged = "report"`),
			[]string{"group `team` would become admin of project `acme/OPS`"},
		},
		"a member of an admin group": {
			gives("group_membership", `group_slug = "keepers"`, linus),
			[]string{"user `Linus` would become a member of group `acme/keepers`, which may have admin"},
		},
		"the members of an admin group": {
			gives("group_members_exclusive", `group_slug = "keepers"`, `user_ids = ["`+linusUUID+`", "`+graceUUID+`"]`),
			[]string{"user `Linus` would become a member of group `acme/keepers`, which may have admin"},
		},
		"a member of a group that has admin in the same plan": {
			gives("project_group_permission", ops, `group_slug = "team"`, admin) + gives("group_membership", `group_slug = "team"`, linus),
			[]string{
				"user `Linus` would become a member of group `acme/team`, which may have admin", "group `team` would become admin of project `acme/OPS`",
			},
		},
		"the members of a group that has admin in the same plan": {
			gives("repository_permissions_exclusive", infra, "users = {}", `groups = { team = "admin" }`) +
				gives("group_members_exclusive", `group_slug = "team"`, `user_ids = ["`+linusUUID+`"]`),
			[]string{
				"user `Linus` would become a member of group `acme/team`, which may have admin",
				"group `team` would become admin of repository `acme/infra`",
			},
		},
		"a default permission": {gives("group", `name = "Leads"`, admin), []string{"group `acme/Leads` would get admin on every new repository"}},
		"everybody joins an admin group": {
			gives("group", `name = "Keepers"`, "auto_add = true") + "import {\n  to = bitbucket_group.it\n  id = \"acme/keepers\"\n}\n",
			[]string{"everybody who joins the workspace would become a member of group `acme/keepers`, which may have admin"},
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
			gives("repository_user_permission", infra, linus, "permission = terraform_data.later.output"),
			[]string{"user `Linus` would become admin of repository `acme/infra`, as its level is known only after apply"},
		},
		"a level on a list that is not known": {
			gives("project_permissions_exclusive", ops, "users = {}", "groups = { team = terraform_data.later.output }"),
			[]string{"group `team` would become admin of project `acme/OPS`, as its level is known only after apply"},
		},
		"a user who is not known": {
			gives("project_user_permission", ops, "user_id = terraform_data.later.output", admin),
			[]string{"a user known only after apply would become admin of project `acme/OPS`"},
		},
		"a list that is not known": {
			gives("repository_permissions_exclusive", infra, `users = { (terraform_data.later.output) = "read" }`, "groups = {}"),
			[]string{"who has access to repository `acme/infra` is known only after apply"},
		},
		"members who are not known": {
			gives("group_members_exclusive", `group_slug = "keepers"`, "user_ids = [terraform_data.later.output]"),
			[]string{"a user known only after apply would become a member of group `acme/keepers`, which may have admin"},
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
			gives("workspace_invitation", `email = "edsger@partner.example"`, infra, "permission = terraform_data.later.output"),
			[]string{"`edsger@partner.example` would become admin of repository `acme/infra`"},
		},
		"a group of which it is not known who joins it": {
			gives("group", `name = "Leads"`, admin, `auto_add = terraform_data.later.output == "admin"`),
			[]string{
				"everybody who joins the workspace would become a member of group `acme/Leads`, which may have admin",
				"group `acme/Leads` would get admin on every new repository",
			},
		},
		"an invitation into groups that are not known": {
			gives("group", `name = "Leads"`) + gives("workspace_invitation", `email = "edsger@partner.example"`, "group_slugs = [bitbucket_group.it.slug]"),
			[]string{"`edsger@partner.example` would join groups that are known only after apply"},
		},
		"somebody whom the configuration calls somebody of the platform group": {
			calls(linusAccount, graceUUID) + gives("project_user_permission", ops, `user_id = "`+linusAccount+`"`, admin),
			[]string{"user `Linus` would become admin of project `acme/OPS`"},
		},
		"a group that the configuration calls something else": {
			calls("team", "Platform") + gives("project_group_permission", ops, `group_slug = "team"`, admin),
			[]string{"group `team` would become admin of project `acme/OPS`"},
		},
		"everybody joins what will be an admin group": {
			gives("group", `name = "New! Keepers?"`, "auto_add = true"),
			[]string{"everybody who joins the workspace would become a member of group `acme/New! Keepers?`, which may have admin"},
		},
		"everybody joins what may be an admin group": {
			gives("group", `name = "Nêw Keepers"`, "auto_add = true"),
			[]string{"everybody who joins the workspace would become a member of group `acme/Nêw Keepers`, which may have admin"},
		},
		"everybody joins a group without a name yet": {
			gives("group", "name = terraform_data.later.output", "auto_add = true"),
			[]string{"everybody who joins the workspace would become a member of a group known only after apply, which may have admin"},
		},
	}
}

// allowances are what only looks like it.
func allowances() policyCases {
	return policyCases{
		"somebody of the platform group": {gives("repository_user_permission", infra, `user_id = "`+graceUUID+`"`, admin), nil},
		"somebody of it in other words": {
			gives("project_user_permission", ops, `user_id = "`+strings.ToUpper(strings.Trim(graceUUID, "{}"))+`"`, admin),
			nil,
		},
		"the platform group":        {gives("project_group_permission", ops, `group_slug = "platform"`, admin), nil},
		"a lower level":             {gives("repository_user_permission", infra, linus, `permission = "write"`), nil},
		"a member of another group": {gives("group_membership", `group_slug = "team"`, `user_id = "`+graceUUID+`"`), nil},
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
		"what others than the provider do": {calls(linusAccount, graceUUID), nil},
		"a level of the platform group, not known": {
			gives("repository_group_permission", infra, `group_slug = "platform"`, "permission = terraform_data.later.output"),
			nil,
		},
		"members of another group who are not known": {
			gives("group_members_exclusive", `group_slug = "team"`, "user_ids = [terraform_data.later.output]"),
			nil,
		},
		"an exclusive list that only takes access away":                  {gives("repository_permissions_exclusive", infra, "users = {}", "groups = {}"), nil},
		"everybody joins a group with almost the name of an admin group": {gives("group", `name = "New Keepers too"`, "auto_add = true"), nil},
		"somebody of the platform group by account id": {
			gives("project_user_permission", ops, `user_id = "`+graceAccount+`"`, admin),
			nil,
		},
	}
}
