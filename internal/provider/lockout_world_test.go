package provider_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// remark is an error or a warning of a command, as a machine reads it. Terraform tells no address for a resource whose block is gone.
type remark struct{ Severity, Summary, Detail, Address string }

// remarks runs a command that must end with the given exit code, and returns the errors and warnings.
func remarks(t *testing.T, c *acctest.Command, code int, args ...string) []remark {
	t.Helper()
	var found []remark
	for line := range strings.SplitSeq(c.Run(t, code, append(args, "-json")...), "\n") {
		var message struct{ Diagnostic remark }
		if json.Unmarshal([]byte(line), &message) == nil && message.Diagnostic.Summary != "" {
			found = append(found, message.Diagnostic)
		}
	}
	return found
}

// about returns the remarks of a severity whose summary holds a text, each once: two resources that are planned at the same time may both
// say what they do together.
func about(all []remark, severity, summary string) []string {
	var found []string
	for _, r := range all {
		if r.Severity == severity && strings.Contains(r.Summary, summary) {
			found = append(found, r.Address+"\n"+r.Summary+"\n"+r.Detail)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// expectRemarks demands one remark for each of the wanted lists of phrases, in any order, and no other.
func expectRemarks(t *testing.T, got []string, want ...[]string) {
	t.Helper()
	left := slices.Clone(got)
	for _, phrases := range want {
		i := slices.IndexFunc(left, func(text string) bool {
			return !slices.ContainsFunc(phrases, func(phrase string) bool { return !says(phrase).MatchString(text) })
		})
		if i < 0 {
			t.Errorf("nothing says %q", phrases)
			continue
		}
		left = slices.Delete(left, i, i+1)
	}
	for _, text := range left {
		t.Errorf("this is not expected:\n%s", text)
	}
}

// What the summaries of the guard say.
const (
	isLockout  = "your own administration"
	mayLockOut = "may lock"
)

// declared is a resource of the configuration.
func declared(kind, label string, lines ...string) string {
	return fmt.Sprintf("resource \"bitbucket_%s\" %q {\n  workspace = \"acme\"\n  %s\n}\n", kind, label, strings.Join(lines, "\n  "))
}

// levelsOf is a map attribute from principals to levels; pairs are a principal and its level each.
func levelsOf(attribute string, pairs ...string) string {
	var text strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&text, "    %q = %q\n", pairs[i], pairs[i+1])
	}
	return attribute + " = {\n" + text.String() + "  }"
}

const (
	allowed = "allow_self_lockout = true"
	leads   = "leads" // a group that Grace is in
)

// byGrace is a world in which the provider has the API token of Grace, who is no administrator of the workspace.
func byGrace(t *testing.T) *acctest.World {
	t.Helper()
	w := acctest.New(t, simulator.Options{})
	w.AddGroup("acme", simulator.Group{Name: "Leads"})
	w.AddGroupMember("acme", leads, w.Grace.UUID)
	w.Username, w.Token = w.AddAPIToken(w.Grace.UUID)
	return w
}

// place is a repository or a project.
type place struct{ attribute, name string }

// on makes a new repository or project on which Grace has admin, direct or through the group of leads. A repository has the name in lower case.
func on(w *acctest.World, attribute, name string, throughGroup bool) place {
	g := simulator.Grant{Workspace: "acme", User: w.Grace.UUID, Permission: simulator.Admin}
	if throughGroup {
		g.User, g.Group = "", leads
	}
	if attribute == "project_key" {
		g.Project = w.AddProject(simulator.Project{Workspace: "acme", Key: name, Name: name}).Key
	} else {
		g.Repository = w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: strings.ToLower(name)}).Slug
	}
	w.Grant(g)
	return place{attribute, g.Project + g.Repository}
}

// line is the attribute that names the place.
func (p place) line() string { return fmt.Sprintf("%s = %q", p.attribute, p.name) }

// String is what messages call the place.
func (p place) String() string {
	return p.kind() + " acme/" + p.name
}

// grant is an explicit permission on the place.
func (p place) grant(user, group, permission string) simulator.Grant {
	g := simulator.Grant{Workspace: "acme", User: user, Group: group, Permission: permission}
	if p.attribute == "project_key" {
		g.Project = p.name
	} else {
		g.Repository = p.name
	}
	return g
}

// kind is what resources and messages call the place.
func (p place) kind() string {
	return map[string]string{"repo_slug": "repository", "project_key": "project"}[p.attribute]
}

// entry is the resource that grants a permission on the place.
func (p place) entry(label, principal, id, permission string, more ...string) string {
	attribute := map[string]string{"user": "user_id", "group": "group_slug"}[principal]
	lines := append([]string{p.line(), fmt.Sprintf("%s = %q", attribute, id), fmt.Sprintf("permission = %q", permission)}, more...)
	return declared(p.kind()+"_"+principal+"_permission", label, lines...)
}

// list is the resource that owns the access to the place.
func (p place) list(label string, users, groups []string, more ...string) string {
	lines := append([]string{p.line(), levelsOf("users", users...), levelsOf("groups", groups...)}, more...)
	return declared(p.kind()+"_permissions_exclusive", label, lines...)
}

// listAddress is the address of that resource.
func (p place) listAddress(label string) string {
	return "bitbucket_" + p.kind() + "_permissions_exclusive." + label
}
