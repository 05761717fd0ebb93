package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// tokenScopes are the scopes of an API token that a resource takes in one place, without the ending that all of Bitbucket's have.
type tokenScopes struct {
	// where is the place, which heads a column of the table; "" where there is only one.
	where string
	// read are the scopes to plan and to import; write those to create and change, and revoke those to destroy, besides.
	read, write, revoke []string
}

// What is administered in an organization is changed with the key of the organization: the token only reads.
var (
	forGroups = tokenScopes{
		where: "Administered in Bitbucket",
		read:  []string{"admin:workspace", "read:permission"}, write: []string{"write:permission"}, revoke: []string{"write:permission"},
	}
	forOrganizationGroups = tokenScopes{where: "Administered at admin.atlassian.com", read: []string{"admin:workspace", "read:permission", "read:workspace"}}
)

// aboutPermissionScopes says what changing permissions on objects of a kind takes.
func aboutPermissionScopes(kind access.ScopeKind, s tokenScopes) string {
	return fmt.Sprintf("Changing permissions takes an API token of an administrator of the %[1]s; Bitbucket accepts no other credential.\n\n%[2]s\n\n"+
		"With `read:workspace:bitbucket` besides, a plan checks people, tells whether it locks its own user out, and a missing %[1]s from a failing credential.",
		kind, scopesTable(s))
}

// aboutGroupChanges says what changing groups takes, or what is in them.
func aboutGroupChanges(things string) string {
	return fmt.Sprintf("Changing %s takes the API token of a workspace administrator and, at admin.atlassian.com, a key of the organization.\n\n%s",
		things, scopesTable(forGroups, forOrganizationGroups))
}

// aboutMemberChanges says what changing who is in a group takes.
func aboutMemberChanges(things string) string {
	return aboutGroupChanges(things) + "\n\nBesides, `read:workspace:bitbucket` lets a plan check people, and `read:user:bitbucket` finds those at " +
		"admin.atlassian.com who are named by UUID and are not in the workspace."
}

// aboutInvitationChanges says what inviting takes.
func aboutInvitationChanges() string {
	intoGroups, inOrganization := forGroups, forOrganizationGroups
	intoGroups.where, inOrganization.where = "Into groups", "Into groups, at admin.atlassian.com"
	intoGroups.write = append([]string{"read:workspace"}, intoGroups.write...)
	toRepository := tokenScopes{where: "To a repository", read: []string{"read:workspace"}, write: []string{"admin:repository", "write:permission"}}
	return "Inviting takes the API token of a workspace administrator and, at admin.atlassian.com, a key of the organization.\n\n" +
		scopesTable(intoGroups, inOrganization, toRepository)
}

// revoking are the scopes where a change takes away, too.
func (s tokenScopes) revoking() tokenScopes {
	s.write = slices.Concat(s.write, s.revoke)
	return s
}

// scopesTable says which scopes the things that Terraform does take, in each place.
func scopesTable(places ...tokenScopes) string {
	rows := []string{"| To |", "|---|", "| plan and import |", "| create and change |", "| destroy |"}
	for _, p := range places {
		if p.where == "" {
			p.where = "Scopes of the API token"
		}
		for i, cell := range []string{p.where, "", scopeNames(p.read), scopeNames(p.read, p.write), scopeNames(p.read, p.revoke)} {
			if i == 1 {
				rows[i] += "---|"
				continue
			}
			rows[i] += " " + cell + " |"
		}
	}
	return strings.Join(rows, "\n")
}

// scopeNames are the full names of scopes, as Bitbucket shows them where a token is made, each once.
func scopeNames(scopes ...[]string) string {
	all := slices.Concat(scopes...)
	slices.Sort(all)
	var names []string
	for _, scope := range slices.Compact(all) {
		names = append(names, fmt.Sprintf("`%s:bitbucket`", scope))
	}
	return strings.Join(names, ", ")
}
