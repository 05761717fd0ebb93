package simulator

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"
)

// organization is one organization with its people and groups.
type organization struct {
	Organization

	created  time.Time
	people   table[*person]   // by user uuid, in the order in which they came
	groups   table[*orgGroup] // by id
	groupIDs map[string]bool  // every id that a group has or had
}

// person is somebody in an organization.
type person struct {
	directories table[bool] // by id: whether access is suspended there
	roles       roles       // what was given directly
}

// orgGroup is a group of an organization; Roles and Members stay empty, roles and members say it.
type orgGroup struct {
	OrganizationGroup

	roles   roles
	members table[struct{}] // user uuids
}

// roles are what somebody or a group may do: by the ARI of a resource.
type roles struct{ table[[]string] }

// give adds a role.
func (r *roles) give(resource, role string) {
	held := r.get(resource)
	if !slices.Contains(held, role) {
		r.set(resource, append(slices.Clone(held), role))
	}
}

// giveAll adds the roles of others.
func (r *roles) giveAll(more *roles) {
	for resource, held := range more.all() {
		for _, role := range held {
			r.give(resource, role)
		}
	}
}

// take takes a role away.
func (r *roles) take(resource, role string) {
	left := slices.DeleteFunc(slices.Clone(r.get(resource)), func(held string) bool { return held == role })
	if len(left) == 0 {
		r.remove(resource)
		return
	}
	r.set(resource, left)
}

// public returns the roles as the direct functions show them.
func (r *roles) public() map[string]string {
	var shown map[string]string
	for resource, held := range r.all() {
		if shown == nil {
			shown = map[string]string{}
		}
		shown[resource] = strings.Join(held, ",")
	}
	return shown
}

// rolesFrom reads what public writes.
func rolesFrom(shown map[string]string) (roles, error) {
	var read roles
	for _, resource := range slices.Sorted(maps.Keys(shown)) {
		for role := range strings.SplitSeq(shown[resource], ",") {
			if resource == "" || !slices.Contains(resourceRoles, role) {
				return read, fmt.Errorf("no role %q on %q", role, resource)
			}
			read.give(resource, role)
		}
	}
	return read, nil
}

func (r *roles) clone() roles { return roles{r.table.clone(slices.Clone[[]string])} }

// directory finds a directory by id.
func (o *organization) directory(id string) *Directory {
	for i := range o.Directories {
		if o.Directories[i].ID == id {
			return &o.Directories[i]
		}
	}
	return nil
}

// groupsOf yields the groups that somebody is in.
func (o *organization) groupsOf(user string) iter.Seq[*orgGroup] {
	return func(yield func(*orgGroup) bool) {
		for _, g := range o.groups.all() {
			if g.members.has(user) && !yield(g) {
				return
			}
		}
	}
}

// groupNamed finds a group of a directory by name; case does not matter (specification: groupNames).
func (o *organization) groupNamed(directory, name string) *orgGroup {
	for _, g := range o.groups.all() {
		if g.Directory == directory && strings.EqualFold(g.Name, name) {
			return g
		}
	}
	return nil
}

// suspended tells whether somebody is suspended in every directory.
func (p *person) suspended() bool {
	for _, suspended := range p.directories.all() {
		if !suspended {
			return false
		}
	}
	return true
}

// rolesOn returns the roles of somebody on a resource, directly and through groups, and whether any of them counts: a role
// through a group rests while access is suspended in the group's directory, a direct one while it is in all of them.
func (o *organization) rolesOn(user, resource string) (held, counting []string) {
	p := o.people.get(user)
	if p == nil {
		return nil, nil
	}
	add := func(more []string, rests bool) {
		held = append(held, more...)
		if !rests {
			counting = append(counting, more...)
		}
	}
	add(p.roles.get(resource), p.suspended())
	for g := range o.groupsOf(user) {
		add(g.roles.get(resource), p.directories.get(g.Directory))
	}
	return held, counting
}

// roleIn is the role in a workspace that the roles on its resource amount to; "" is none. That atlassian/user makes a member
// and atlassian/admin an administrator is inferred.
func roleIn(held []string) string {
	switch {
	case slices.Contains(held, roleAdmin):
		return RoleOwner
	case slices.Contains(held, roleUser):
		return RoleMember
	}
	return ""
}

// seated returns who takes a seat of a resource: everyone who counts there, invited people included.
func (o *organization) seated(resource string) map[string]bool {
	taken := map[string]bool{}
	for user := range o.people.all() {
		if _, counting := o.rolesOn(user, resource); roleIn(counting) != "" {
			taken[user] = true
		}
	}
	return taken
}

func (o *organization) clone() *organization {
	twin := *o
	twin.people = o.people.clone(func(p *person) *person {
		return &person{directories: p.directories.clone(same[bool]), roles: p.roles.clone()}
	})
	twin.groups = o.groups.clone(func(g *orgGroup) *orgGroup {
		return &orgGroup{
			OrganizationGroup: g.OrganizationGroup, roles: g.roles.clone(), members: g.members.clone(same[struct{}]),
		}
	})
	twin.groupIDs = maps.Clone(o.groupIDs)
	return &twin
}

// public returns the group as the direct functions show it.
func (g *orgGroup) public() OrganizationGroup {
	shown := g.OrganizationGroup
	shown.Roles = g.roles.public()
	shown.Members = append([]string(nil), g.members.keys...)
	return shown
}
