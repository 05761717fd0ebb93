package provider_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// propertySeeds are the seeds of the usual run: 1 to 2, or to what the environment variable PROPERTY_SEEDS says.
func propertySeeds(t *testing.T) int {
	t.Helper()
	text := os.Getenv("PROPERTY_SEEDS")
	if text == "" {
		return 2
	}
	seeds, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("PROPERTY_SEEDS: %v", err)
	}
	return seeds
}

// TestExclusiveListsBecomeWhatAnyConfigurationSays holds for random lists and random configurations what the exclusive resources promise.
// Even seeds have a workspace that an organization administers. To try more: PROPERTY_SEEDS=100 go test ./internal/provider -run AnyConfiguration
func TestExclusiveListsBecomeWhatAnyConfigurationSays(t *testing.T) {
	t.Parallel()
	for seed := range propertySeeds(t) {
		t.Run(fmt.Sprintf("seed %d", seed+1), func(t *testing.T) {
			t.Parallel()
			start := acctest.New
			if (seed+1)%2 == 0 {
				start = acctest.NewManaged
			}
			p := newProperty(start(t, simulator.Options{}), rand.New(rand.NewPCG(uint64(seed+1), 4)))
			c := p.Command(t, "")
			for round := range 2 { // the lists are owned anew, and then changed
				config := p.shake(round)
				t.Cleanup(func() {
					if t.Failed() {
						t.Logf("the configuration of seed %d in round %d:\n%s", seed+1, round+1, config)
					}
				})
				c.Write(t, config)
				if p.round(t, c); t.Failed() {
					return
				}
			}
			p.end(t, c)
		})
	}
}

// round plans, applies and plans again, and compares each with what the lists make one expect.
func (p *property) round(t *testing.T, c *acctest.Command) {
	t.Helper()
	before := p.outside()
	plan := planOf(t, p.World, c)
	differences := 0
	for _, l := range p.lists {
		want, writes := p.expected(l)
		if diff := cmp.Diff(want, p.shown(plan, l)); diff != "" {
			t.Errorf("the plan of %s (-want +got):\n%s", l.address(), diff)
		}
		differences += writes
	}

	c.Run(t, 0, "apply", "plan.out")
	if got := writes(p.World); len(got) != differences {
		t.Errorf("%d writes for %d differences:\n%s", len(got), differences, strings.Join(got, "\n"))
	}
	for _, l := range p.lists {
		live := p.live(l)
		if diff := cmp.Diff(l.after(), live); diff != "" {
			t.Errorf("who has access to %s (-want +got):\n%s", l.address(), diff)
		}
		l.live, l.was = live, l.is
	}
	expectSameWorld(t, before, p.outside())

	c.Run(t, 0, "plan", "-detailed-exitcode")
	expectNoWrites(t, p.World)
}

// end destroys the resources, which takes away what they manage and leaves the rest.
func (p *property) end(t *testing.T, c *acctest.Command) {
	t.Helper()
	before := p.outside()
	c.Run(t, 0, "destroy", "-auto-approve")
	managed := 0
	for _, l := range p.lists {
		held, _ := l.split(l.was)
		managed += len(held)
		rest := maps.Clone(l.live)
		maps.DeleteFunc(rest, func(id, _ string) bool { return held[id] != "" })
		if diff := cmp.Diff(rest, p.live(l)); diff != "" {
			t.Errorf("who has access to %s after its resource (-want +got):\n%s", l.address(), diff)
		}
	}
	if got := writes(p.World); len(got) != managed {
		t.Errorf("%d writes to take %d entries away:\n%s", len(got), managed, strings.Join(got, "\n"))
	}
	expectSameWorld(t, before, p.outside())
}

// property is a world with lists, and chance.
type property struct {
	*acctest.World
	*rand.Rand
	names map[string]string // of principals, by UUID or slug
	words map[string]string // account ids by UUID
	lists []*ownedList
}

// newProperty makes eight lists of each kind, among twelve people and eight groups, and access that nobody owns.
func newProperty(w *acctest.World, chance *rand.Rand) *property {
	p := &property{World: w, Rand: chance, names: map[string]string{}, words: map[string]string{}}
	var users, groups []string
	for i := range 12 {
		u := w.AddPerson(fmt.Sprintf("Person %d", i), simulator.RoleMember)
		p.names[u.UUID], p.words[u.UUID], users = u.DisplayName, u.AccountID, append(users, u.UUID)
	}
	for i := range 8 {
		g := w.AddGroup("acme", simulator.Group{Name: fmt.Sprintf("Team %d", i)})
		p.names[g.Slug], groups = g.Name, append(groups, g.Slug)
	}
	both := slices.Concat(users, groups)
	for i, slug := range groups {
		name, key := fmt.Sprintf("n%d", i), fmt.Sprintf("P%d", i)
		w.AddProject(simulator.Project{Workspace: "acme", Key: key, Name: key})
		w.AddRepository(simulator.Repository{Workspace: "acme", Project: key, Slug: name, Name: name})
		p.lists = append(p.lists,
			&ownedList{resource: "group_members", attribute: "group_slug", object: slug, label: name, principals: users, levels: []string{"member"}},
			&ownedList{
				resource: "project_permissions", attribute: "project_key", object: key, label: name, principals: both,
				levels: []string{"read", "write", "create-repo", "admin"},
			},
			&ownedList{
				resource: "repository_permissions", attribute: "repo_slug", object: name, label: name, principals: both,
				levels: []string{"read", "write", "admin"},
			},
		)
	}
	w.Grant(simulator.Grant{Workspace: "acme", Project: "PLAT", User: users[0], Permission: "admin"})
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: groups[0], Permission: "read"})
	w.AddGroupMember("acme", w.Developers, users[0])
	return p
}

// shake changes who has access, and returns another configuration. Some lists are no matter of chance: n0 is as configured and then stays
// so in other words, n1 is to be empty, nobody is on n2 before, and of n3 and n4 only the live list changes after the first round.
func (p *property) shake(round int) string {
	var config strings.Builder
	for _, l := range p.lists {
		switch {
		case round == 0 && l.label != "n2":
			p.setLive(l, p.vary(l, nil, 50))
		case round == 1 && l.label != "n0":
			p.setLive(l, p.vary(l, l.live, 25))
		}
		if round == 0 || !slices.Contains([]string{"n0", "n3", "n4"}, l.label) {
			l.is = listSettings{wanted: p.vary(l, l.live, 50), report: p.IntN(3) == 0}
			switch l.label {
			case "n0":
				l.is = listSettings{wanted: l.live}
			case "n1":
				l.is.wanted = accessOf{}
			default:
				p.ignore(l)
			}
		}
		config.WriteString(p.block(l))
	}
	return config.String()
}

// vary changes each entry of a list with some probability.
func (p *property) vary(l *ownedList, from accessOf, percent int) accessOf {
	to := accessOf{}
	for _, id := range l.principals {
		level, has := from[id]
		if p.IntN(100) < percent {
			level, has = l.levels[p.IntN(len(l.levels))], !has || p.IntN(2) == 0
		}
		if has {
			to[id] = level
		}
	}
	return to
}

// ignore chooses groups to be left alone, which are not configured then.
func (p *property) ignore(l *ownedList) {
	for _, id := range l.principals {
		if strings.HasPrefix(id, "{") || p.IntN(5) > 0 {
			continue
		}
		delete(l.is.wanted, id)
		l.is.ignored, l.is.words = append(l.is.ignored, id), append(l.is.words, []string{id, p.names[id]}[p.IntN(2)])
	}
}

// word is one of the ways to write a principal.
func (p *property) word(id string) string {
	ways := []string{id, id, id, id}
	if account, ok := p.words[id]; ok {
		ways = []string{id, bare(id), strings.ToUpper(id), account}
	}
	return ways[p.IntN(4)]
}

// who is the principal that is written with a word.
func (p *property) who(word string) string {
	for id, account := range p.words {
		if word == account || bare(strings.ToLower(word)) == bare(id) {
			return id
		}
	}
	return word
}

// block is the resource that owns a list.
func (p *property) block(l *ownedList) string {
	text := fmt.Sprintf("\nresource %q %q {\n  workspace = \"acme\"\n  %s = %q\n", "bitbucket_"+l.resource+"_exclusive", l.label, l.attribute, l.object)
	if l.is.report {
		text += "  unmanaged = \"report\"\n"
	}
	users, groups := "", ""
	for _, id := range slices.Sorted(maps.Keys(l.is.wanted)) {
		switch {
		case l.resource == "group_members":
			users += fmt.Sprintf("    %q,\n", p.word(id))
		case p.words[id] != "":
			users += fmt.Sprintf("    %q = %q\n", p.word(id), l.is.wanted[id])
		default:
			groups += fmt.Sprintf("    %q = %q\n", id, l.is.wanted[id])
		}
	}
	if l.resource == "group_members" {
		return text + "  user_ids = [\n" + users + "  ]\n}\n"
	}
	if len(l.is.words) > 0 {
		text += fmt.Sprintf("  ignore_groups = [\"%s\"]\n", strings.Join(l.is.words, `", "`))
	}
	return text + "  users = {\n" + users + "  }\n  groups = {\n" + groups + "  }\n}\n"
}
