package access

import (
	"cmp"
	"slices"
)

// detective finds what a reviewer should look at.
type detective struct {
	*Effective

	everybody crowd
	from      reaches
	// above is the project that each repository is in.
	above map[Scope]Scope
}

// inspect looks for everything that a reviewer should look at.
func (e *Effective) inspect(everybody crowd, from reaches, adminGroups []string) {
	d := &detective{Effective: e, everybody: everybody, from: from, above: map[Scope]Scope{}}
	for _, r := range e.Repositories {
		d.above[e.repository(r)] = e.project(r.Project.Key)
	}
	d.redundant()
	d.besideGroups()
	d.adminsOutside(adminGroups)
	d.outsiders()
	d.unknown()
	d.public()
}

// redundant finds the grants that change nothing: to a person whom another path gives as much, and to a group that has as much on the
// project itself. That everybody in a group happens to have as much is not enough, because others may join it. A grant is never redundant
// because of one that goes less far, so that all that are found can be revoked at once.
func (d *detective) redundant() {
	for _, g := range d.Grants {
		held := g.Permission.on(g.Scope.Kind)
		others := d.others(g)
		i := slices.IndexFunc(others, func(p *Path) bool { return p.Permission.on(g.Scope.Kind).Compare(held) >= 0 })
		if i >= 0 && held.Compare(None) > 0 { // nobody knows what a level is worth that is not known here
			d.note(Redundant, g, others[i])
		}
	}
}

// besideGroups finds the grants to people whom a group leads to the same object.
func (d *detective) besideGroups() {
	for _, g := range d.Grants {
		others := d.others(g)
		i := slices.IndexFunc(others, func(p *Path) bool { return p.GroupSlug != "" })
		if i >= 0 && g.Principal.Kind == UserPrincipal {
			d.note(DirectBesideGroup, g, others[i])
		}
	}
}

// others are the paths besides a grant that lead its holder to its scope, those that go furthest first: for a group, only its own.
func (d *detective) others(g Grant) []*Path {
	person, _ := d.everybody.find(holderOf(g))
	var others []*Path
	for _, scope := range []Scope{d.workspace(), d.above[g.Scope], g.Scope} {
		var direct []*Path
		for _, r := range d.from[scope] {
			switch _, in := slices.BinarySearch(r.people, person); {
			case g.Principal.Kind == GroupPrincipal:
				if scope != g.Scope && r.path.GroupSlug == g.Principal.ID {
					others = append(others, r.path)
				}
			case in && r.path.GroupSlug != "" || in && scope.Kind == WorkspaceScope:
				others = append(others, r.path)
			case in && scope != g.Scope:
				direct = append(direct, r.path)
			}
		}
		others = append(others, direct...)
	}
	return others
}

// adminsOutside finds the paths to administration that lead somebody there who is in none of the groups for administrators.
func (d *detective) adminsOutside(adminGroups []string) {
	if adminGroups == nil {
		adminGroups = d.groupsWithAdmin()
	}
	inside := d.inGroups(adminGroups)
	for _, scope := range append(d.scopes(), d.workspace()) {
		for _, r := range d.from[scope] {
			for _, person := range r.people {
				if r.path.Permission == Admin && !inside[person] {
					d.Findings = append(d.Findings, d.about(AdminOutsideGroups, d.People[person], scope, Admin, r.path))
				}
			}
		}
	}
}

// groupsWithAdmin are the slugs of the groups that were granted administration.
func (d *detective) groupsWithAdmin() []string {
	var slugs []string
	for _, g := range d.Grants {
		if g.Principal.Kind == GroupPrincipal && g.Permission == Admin {
			slugs = append(slugs, g.Principal.ID)
		}
	}
	return slugs
}

// inGroups are the people who are in any of some groups, by their places.
func (d *detective) inGroups(slugs []string) map[int]bool {
	inside := map[int]bool{}
	for _, g := range d.Groups {
		if !slices.Contains(slugs, g.Slug) {
			continue
		}
		for _, person := range d.everybody.places(g.Members) {
			inside[person] = true
		}
	}
	return inside
}

// outsiders finds what people have who are not in the workspace.
func (d *detective) outsiders() {
	outside := func(p Person) (Person, bool) {
		i, ok := d.everybody.find(p)
		return d.People[i], ok && d.People[i].Role == ""
	}
	for _, g := range d.Grants {
		if g.Principal.Kind == UserPrincipal {
			if _, ok := outside(holderOf(g)); ok {
				d.note(NoMember, g, nil)
			}
		}
	}
	for _, group := range d.Groups {
		for _, member := range group.Members {
			if p, ok := outside(member); ok {
				d.Findings = append(d.Findings, d.about(NoMember, p, Scope{GroupScope, d.Workspace, group.Slug}, Member, nil))
			}
		}
	}
}

// unknown finds the grants to groups whose members are not known.
func (d *detective) unknown() {
	for _, g := range d.Grants {
		if g.Principal.Kind == GroupPrincipal && !d.hasGroup(g.Principal.ID) {
			d.note(UnknownMembers, g, nil)
		}
	}
}

// public finds the repositories that everybody may read.
func (d *detective) public() {
	for _, r := range d.Repositories {
		if !r.IsPrivate {
			d.Findings = append(d.Findings, Finding{Kind: Public, Scope: d.repository(r), Permission: Read})
		}
	}
}

// note adds a finding about a grant.
func (d *detective) note(kind FindingKind, g Grant, because *Path) {
	d.Findings = append(d.Findings, Finding{kind, g.Scope, g.Principal, g.Name, g.Permission, because})
}

// about is a finding about a person.
func (d *detective) about(kind FindingKind, p Person, s Scope, permission Permission, because *Path) Finding {
	who := Principal{UserPrincipal, cmp.Or(p.UUID, p.AccountID)}
	return Finding{kind, s, who, p.DisplayName, permission, because}
}
