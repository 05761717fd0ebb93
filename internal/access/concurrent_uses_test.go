package access_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// crowd is many who use one Directory at the same time. Everybody reads everything.
type crowd struct {
	d               *access.Directory
	managed         bool
	workspace, uuid string
	project         string
	objects         []access.Scope // to the second, everybody has access of their own at first
	people          []simulator.User

	group, joined, left, guests string   // groups that nobody changes, that people join, that they leave, and that they are invited into
	changed, deleted            []string // groups of each use
}

// does is one use of one exported method of Directory by one of the crowd.
type does func(ctx context.Context, c *crowd, i int) error

// person is one of the people.
func (c *crowd) person(i int) simulator.User { return c.people[i%len(c.people)] }

// id is an id of one of the people, in one of three spellings.
func (c *crowd) id(i int) string {
	u := c.person(i)
	return []string{u.UUID, u.AccountID, strings.ToUpper(strings.Trim(u.UUID, "{}"))}[i%3]
}

// scope is one of the objects.
func (c *crowd) scope(i int) access.Scope { return c.objects[i%len(c.objects)] }

// in is the workspace, in one of two spellings.
func (c *crowd) in(i int) string { return []string{c.workspace, c.uuid}[i%2] }

// withdrawn is an invitation that is there at first.
func (c *crowd) withdrawn(i int) access.Invitation {
	return access.Invitation{Email: fmt.Sprintf("unwanted%d@acme.example", i), GroupSlugs: []string{c.guests}}
}

// members is the group as a scope.
func (c *crowd) members() access.Scope {
	return access.Scope{Kind: access.GroupScope, Workspace: c.workspace, Name: c.group}
}

// invitation is one that nobody else asks about.
func (c *crowd) invitation(i int) access.Invitation {
	return access.Invitation{Email: fmt.Sprintf("guest%d@acme.example", i), GroupSlugs: []string{c.guests}}
}

func ignore[T any](_ T, err error) error { return err }

// reading are the methods that change nothing in Bitbucket.
var reading = map[string]does{
	"CurrentUser": func(ctx context.Context, c *crowd, _ int) error { return ignore(c.d.CurrentUser(ctx)) },
	"Slug":        func(ctx context.Context, c *crowd, i int) error { return ignore(c.d.Slug(ctx, c.in(i))) },
	"SameWorkspace": func(ctx context.Context, c *crowd, _ int) error {
		return ignore(c.d.SameWorkspace(ctx, c.workspace, c.uuid))
	},
	"Workspaces":   func(ctx context.Context, c *crowd, _ int) error { return ignore(c.d.Workspaces(ctx)) },
	"Workspace":    func(ctx context.Context, c *crowd, i int) error { return ignore(c.d.Workspace(ctx, c.in(i))) },
	"Projects":     func(ctx context.Context, c *crowd, i int) error { return ignore(c.d.Projects(ctx, c.in(i))) },
	"Project":      func(ctx context.Context, c *crowd, i int) error { return ignore(c.d.Project(ctx, c.in(i), c.project)) },
	"Repositories": func(ctx context.Context, c *crowd, i int) error { return ignore(c.d.Repositories(ctx, c.in(i), "")) },
	"Repository": func(ctx context.Context, c *crowd, i int) error {
		return ignore(c.d.Repository(ctx, c.in(i), c.objects[0].Name))
	},
	"Effective": func(ctx context.Context, c *crowd, i int) error {
		return ignore(c.d.Effective(ctx, access.EffectiveQuery{Workspace: c.in(i), UserIDs: []string{c.id(i)}}))
	},
	"People":    func(ctx context.Context, c *crowd, i int) error { return ignore(c.d.People(ctx, c.in(i))) },
	"Person":    func(ctx context.Context, c *crowd, i int) error { return ignore(c.d.Person(ctx, c.in(i), c.id(i))) },
	"Candidate": func(ctx context.Context, c *crowd, i int) error { return ignore(c.d.Candidate(ctx, c.in(i), c.id(i))) },
	"SamePerson": func(ctx context.Context, c *crowd, i int) error {
		return ignore(c.d.SamePerson(ctx, c.workspace, c.person(i).UUID, c.person(i).AccountID))
	},
	"NoteLost": func(_ context.Context, c *crowd, i int) error { c.d.NoteLost(c.workspace, c.id(i)); return nil },
	"Lost":     func(_ context.Context, c *crowd, i int) error { c.d.Lost(c.workspace, c.id(i)); return nil },
	"Groups":   func(ctx context.Context, c *crowd, i int) error { return ignore(c.d.Groups(ctx, c.in(i))) },
	"Group":    func(ctx context.Context, c *crowd, i int) error { return ignore(c.d.Group(ctx, c.in(i), c.group)) },
	"GroupByName": func(ctx context.Context, c *crowd, _ int) error {
		return ignore(c.d.GroupByName(ctx, c.workspace, "Crowd"))
	},
	"Namesake": func(ctx context.Context, c *crowd, _ int) error {
		if _, there := c.d.Namesake(ctx, c.workspace, "Nobody has this name"); there {
			return errors.New("somebody has the name that nobody has")
		}
		return nil
	},
	"CheckName": func(ctx context.Context, c *crowd, i int) error {
		return ignore(c.d.CheckName(ctx, c.workspace, "", fmt.Sprintf("Nobody has this name %d", i)))
	},
	"MayChangeGroup": func(ctx context.Context, c *crowd, _ int) error {
		return c.d.MayChangeGroup(ctx, c.workspace, access.GroupChange{GroupSlug: c.group})
	},
	"Members": func(ctx context.Context, c *crowd, i int) error { return ignore(c.d.Members(ctx, c.in(i), c.group)) },
	"Member": func(ctx context.Context, c *crowd, i int) error {
		return absentOr(c.d.Member(ctx, c.in(i), c.group, c.id(i)))
	},
	"MayInvite": func(ctx context.Context, c *crowd, i int) error {
		return c.d.MayInvite(ctx, c.workspace, c.invitation(i))
	},
	"Invitation": func(ctx context.Context, c *crowd, i int) error {
		return absentOr(c.d.Invitation(ctx, c.workspace, c.invitation(i)))
	},
	"Grants": func(ctx context.Context, c *crowd, i int) error {
		return ignore(c.d.Grants(ctx, c.scope(i), access.UserPrincipal))
	},
	"Grant": func(ctx context.Context, c *crowd, i int) error {
		return absentOr(c.d.Grant(ctx, c.scope(i), user(c.id(i))))
	},
	"Entries":       func(ctx context.Context, c *crowd, i int) error { return ignore(c.d.Entries(ctx, c.scope(i))) },
	"EntriesBefore": func(ctx context.Context, c *crowd, _ int) error { return ignore(c.d.EntriesBefore(ctx, c.members())) },
	"EntriesNow":    func(ctx context.Context, c *crowd, i int) error { return ignore(c.d.EntriesNow(ctx, c.scope(i))) },
	"EntriesTo": func(ctx context.Context, c *crowd, i int) error {
		return ignore(c.d.EntriesTo(ctx, c.scope(i), access.GroupPrincipal))
	},
	"Called": func(ctx context.Context, c *crowd, _ int) error { c.d.Called(ctx, c.members()); return ctx.Err() },
	"Known": func(ctx context.Context, c *crowd, i int) error {
		return ignore(c.d.Known(ctx, access.NewRoster(nil), []access.Grant{{Scope: c.scope(i), Principal: user(c.person(i).UUID), Permission: access.Read}}))
	},
	"NotKept": func(ctx context.Context, c *crowd, i int) error {
		c.d.NotKept(ctx, c.elsewhere(), []access.Grant{{Scope: c.elsewhere(), Principal: user(c.person(i).UUID)}})
		return ctx.Err()
	},
	"Keep": func(ctx context.Context, c *crowd, _ int) error {
		c.d.Keep(ctx, c.elsewhere(), access.NewRoster(nil))
		return ctx.Err()
	},
	"NoteTaken": func(ctx context.Context, c *crowd, _ int) error {
		c.d.NoteTaken(ctx, c.elsewhere(), nil)
		return ctx.Err()
	},
	"OwnLast": func(ctx context.Context, c *crowd, i int) error {
		c.d.OwnLast(ctx, c.scope(i), []access.Step{access.Revoke(access.Grant{Scope: c.scope(i), Principal: user(c.person(i).UUID), Permission: access.Read})})
		return ctx.Err()
	},
	"Claim": func(ctx context.Context, c *crowd, i int) error {
		return c.d.Claim(ctx, access.Claim{Scope: c.scope(i), By: "the crowd", Entry: user(c.person(i).UUID)})
	},
	"CheckLockout": func(ctx context.Context, c *crowd, i int) error {
		return c.d.CheckLockout(ctx, access.Loss{Scope: c.scope(i), Steps: []access.Step{
			access.Revoke(access.Grant{Scope: c.scope(i), Principal: user(c.person(i).UUID), Permission: access.Read}),
		}})
	},
	"KnownByEmail": func(ctx context.Context, c *crowd, i int) error {
		return ignore(c.d.KnownByEmail(ctx, c.workspace, []string{c.person(i).Email}))
	},
	"PeopleByEmail": func(ctx context.Context, c *crowd, i int) error {
		return ignore(c.d.PeopleByEmail(ctx, c.workspace, []string{c.person(i).Email}))
	},
}

// elsewhere is a scope that nobody writes to.
func (c *crowd) elsewhere() access.Scope {
	return access.Scope{Kind: access.ProjectScope, Workspace: c.workspace, Name: "NOBODY"}
}

// absentOr takes what does not exist for an answer.
func absentOr[T any](_ T, err error) error {
	if errors.Is(err, access.ErrNotFound) {
		return nil
	}
	return err
}

// writing are the methods that change something in Bitbucket. Each use changes something of its own.
var writing = map[string]does{
	"PutGrant": func(ctx context.Context, c *crowd, i int) error {
		return ignore(c.d.PutGrant(ctx, c.scope(0), user(c.person(i).UUID), access.Write))
	},
	"DeleteGrant": func(ctx context.Context, c *crowd, i int) error {
		return c.d.DeleteGrant(ctx, c.scope(1), user(c.id(i)))
	},
	"Carry": func(ctx context.Context, c *crowd, i int) error {
		to := access.Grant{Scope: c.scope(2), Principal: user(c.person(i).UUID), Permission: access.Read}
		return c.d.Carry(ctx, []access.Step{{Grant: to, From: access.None, To: access.Read}})[0].Err
	},
	"AddMember": func(ctx context.Context, c *crowd, i int) error {
		return ignore(c.d.AddMember(ctx, c.workspace, c.joined, c.id(i)))
	},
	"RemoveMember": func(ctx context.Context, c *crowd, i int) error {
		return c.d.RemoveMember(ctx, c.workspace, c.left, c.id(i))
	},
	"CreateGroup": func(ctx context.Context, c *crowd, i int) error {
		return ignore(c.d.CreateGroup(ctx, c.workspace, access.GroupSettings{Name: fmt.Sprintf("Made %d", i), Permission: access.None}))
	},
	"UpdateGroup": func(ctx context.Context, c *crowd, i int) error {
		if c.managed {
			return nil // the API cannot change settings there
		}
		settings := access.GroupSettings{Name: fmt.Sprintf("Crowd %d", i), Permission: access.Read}
		return ignore(c.d.UpdateGroup(ctx, c.workspace, c.changed[i], settings))
	},
	"DeleteGroup": func(ctx context.Context, c *crowd, i int) error {
		return c.d.DeleteGroup(ctx, c.workspace, c.deleted[i])
	},
	"Invite": func(ctx context.Context, c *crowd, i int) error {
		return ignore(c.d.Invite(ctx, c.workspace, c.invitation(i)))
	},
	"Withdraw": func(ctx context.Context, c *crowd, i int) error {
		if c.managed {
			return nil // who is invited there stays in the organization, which Withdraw says by an error
		}
		return ignore(c.d.Withdraw(ctx, c.workspace, c.withdrawn(i)))
	},
}
