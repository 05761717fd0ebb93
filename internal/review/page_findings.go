package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// pageKind is a kind of findings on the page, and how many there are.
type pageKind struct {
	Kind access.FindingKind `json:"kind"`
	// Name is what one is called.
	Name string `json:"name"`
	// Title is what many are called, and Advice says what to do about them.
	Title  string `json:"-"`
	Advice string `json:"-"`
	Count  int    `json:"-"`
}

// pageFinding is a finding on the page.
type pageFinding struct {
	// Kind is a place in the list of kinds.
	Kind       int    `json:"kind"`
	About      string `json:"about"`
	Who        string `json:"who"`
	Permission string `json:"permission"`
	Reason     string `json:"reason"`
	// Person or Group is who holds the access; neither where nobody in particular does.
	Person int `json:"person"`
	Group  int `json:"group"`
	// Project or Repository is what it is about; neither for a group and for the workspace.
	Project    int `json:"project"`
	Repository int `json:"repository"`
}

// kindTexts are what the page says of each kind of findings.
var kindTexts = map[access.FindingKind]pageKind{
	access.Redundant: {
		Name:   "Redundant grant",
		Title:  "Redundant grants",
		Advice: "Another path gives as much. Revoke them: nobody loses access.",
	},
	access.DirectBesideGroup: {
		Name:   "Direct grant beside a group",
		Title:  "Direct grants beside a group",
		Advice: "A group already gives access. Revoke the direct grant, or raise what the group holds.",
	},
	access.AdminOutsideGroups: {
		Name:   "Administrator outside the groups",
		Title:  "Administrators outside the groups for them",
		Advice: "Put the person into a group for administrators, or lower the permission.",
	},
	access.NoMember: {
		Name:   "Not a member",
		Title:  "Access of people who are not members",
		Advice: "The person has left the workspace, or never was in it. Revoke what is left.",
	},
	access.UnknownMembers: {
		Name:   "Unknown members",
		Title:  "Groups whose members are not known",
		Advice: "Bitbucket does not list the group. Review again in a while.",
	},
	access.Public: {
		Name:   "Public repository",
		Title:  "Public repositories",
		Advice: "Everybody may read them. Make them private unless that is what you want.",
	},
}

// kinds are all kinds of findings, and how many of each there are.
func kinds(findings []access.Finding) []pageKind {
	var all []pageKind
	for _, kind := range access.FindingKinds {
		k := kindTexts[kind]
		k.Kind, k.Name, k.Title = kind, cmp.Or(k.Name, string(kind)), cmp.Or(k.Title, string(kind))
		for _, f := range findings {
			if f.Kind == kind {
				k.Count++
			}
		}
		all = append(all, k)
	}
	return all
}

// addFindings adds the findings by kind and by what they say.
func (d *pageData) addFindings(x *index) {
	for _, f := range x.Findings {
		p := pageFinding{
			Kind: slices.Index(access.FindingKinds, f.Kind), About: visible(x.about(f)), Who: visible(holder(f)), Permission: visible(string(f.Permission)),
			Reason: visible(x.reason(f)), Person: -1, Group: -1, Project: -1, Repository: -1,
		}
		switch f.Principal.Kind {
		case access.UserPrincipal:
			p.Person = x.person(f.Principal.ID, "")
		case access.GroupPrincipal:
			p.Group = slices.IndexFunc(x.Groups, func(g access.Group) bool { return g.Slug == f.Principal.ID })
			p.Who = fmt.Sprintf("%s %s", f.Principal.Kind, p.Who)
		}
		switch f.Scope.Kind {
		case access.ProjectScope:
			p.Project = d.project(f.Scope.Name)
		case access.RepositoryScope:
			p.Repository = slices.IndexFunc(d.Repositories, func(r pageRepository) bool { return r.Slug == visible(f.Scope.Name) })
		default: // a group or the workspace has no column
		}
		d.Findings = append(d.Findings, p)
	}
	slices.SortStableFunc(d.Findings, func(f, g pageFinding) int {
		return cmp.Or(f.Kind-g.Kind, strings.Compare(f.About, g.About), strings.Compare(f.Who, g.Who), f.Person-g.Person,
			strings.Compare(f.Reason, g.Reason))
	})
}
