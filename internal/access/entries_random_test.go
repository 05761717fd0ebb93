package access_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// randomRosters is how many worlds the property tests try.
const randomRosters = 2000

// someone is a user or a group of a random world. It is the naive model's key: levels are kept in plain maps.
type someone struct {
	kind                access.PrincipalKind
	id, accountID, name string
}

// deal is a random world: who has what, who is to have what, and both as the code under test gets them.
type deal struct {
	*rand.Rand

	everybody    []someone
	has, shall   map[someone]access.Permission
	live, wanted []access.Grant
}

var dealtLevels = access.ProjectScope.Permissions()

// newDeal makes a random world. Of some people the UUID or the account id is not known, and those who are wanted are named by any id that
// tells who they are, in any spelling.
func newDeal(seed uint64) *deal {
	d := &deal{Rand: rand.New(rand.NewPCG(seed, 4)), has: map[someone]access.Permission{}, shall: map[someone]access.Permission{}}
	names := []string{"Ada", "ada", "ADA", "Grace", "grace", "Linus", ""}
	for i := range 1 + d.IntN(12) {
		p := someone{kind: access.GroupPrincipal, id: fmt.Sprintf("group-%d", i), name: names[d.IntN(len(names))]}
		if d.IntN(3) > 0 {
			p.kind, p.id = access.UserPrincipal, fmt.Sprintf("{%08x-0000-4000-8000-%012x}", d.Uint32(), i)
			p.accountID = fmt.Sprintf("557058:account-%d", i)
		}
		d.everybody = append(d.everybody, p)
		g := access.Grant{Scope: api, Principal: access.Principal{Kind: p.kind, ID: p.id}, AccountID: p.accountID, Name: p.name}
		before := d.IntN(3) > 0
		if before {
			g.Permission = dealtLevels[d.IntN(len(dealtLevels))]
			d.has[p] = g.Permission
			d.live = append(d.live, d.forget(g))
		}
		if d.IntN(3) > 0 {
			named := access.Grant{Scope: api, Principal: g.Principal, AccountID: g.AccountID}
			if before && d.IntN(2) == 0 { // by one id, which has to be one that the list of who has access knows
				named = called(d.spell(d.live[len(d.live)-1]), "")
			}
			named.Permission = dealtLevels[d.IntN(len(dealtLevels))]
			d.shall[p] = named.Permission
			d.wanted = append(d.wanted, named)
		}
	}
	d.Shuffle(len(d.live), func(i, j int) { d.live[i], d.live[j] = d.live[j], d.live[i] })
	d.Shuffle(len(d.wanted), func(i, j int) { d.wanted[i], d.wanted[j] = d.wanted[j], d.wanted[i] })
	return d
}

// forget leaves out, now and then, one of the ids of a user.
func (d *deal) forget(g access.Grant) access.Grant {
	if g.Principal.Kind == access.GroupPrincipal {
		return g
	}
	switch d.IntN(4) {
	case 0:
		return withoutUUID(g)
	case 1:
		return withoutAccountID(g)
	}
	return g
}

// spell names the holder of a grant by one of the ids that it holds, in any spelling.
func (d *deal) spell(g access.Grant) access.Principal {
	if g.Principal.Kind == access.GroupPrincipal {
		return g.Principal
	}
	if g.Principal.ID == "" || g.AccountID != "" && d.IntN(2) == 0 {
		return user(g.AccountID)
	}
	id := g.Principal.ID
	if d.IntN(2) == 0 {
		id = strings.Trim(id, "{}")
	}
	if d.IntN(2) == 0 {
		id = strings.ToUpper(id)
	}
	return user(id)
}

// find tells who a grant is to, in the plainest way.
func (d *deal) find(g access.Grant) someone {
	i := slices.IndexFunc(d.everybody, func(p someone) bool {
		id := strings.ToLower(strings.Trim(g.Principal.ID, "{}"))
		return p.kind == g.Principal.Kind && (id == strings.Trim(p.id, "{}") || p.accountID != "" && (g.Principal.ID == p.accountID || g.AccountID == p.accountID))
	})
	return d.everybody[i]
}

// levels are who has what by a roster.
func (d *deal) levels(t *testing.T, r access.Roster) map[someone]access.Permission {
	t.Helper()
	levels := map[someone]access.Permission{}
	for _, g := range r.All() {
		p := d.find(g)
		if _, twice := levels[p]; twice {
			t.Errorf("%v is there twice", p)
		}
		levels[p] = g.Permission
	}
	return levels
}

// sorted tells whether grants are in the order that plans show: users, then groups, by name, and never by chance.
func sorted(grants []access.Grant) bool {
	key := func(g access.Grant) string {
		rank := map[access.PrincipalKind]string{access.UserPrincipal: "1", access.GroupPrincipal: "2"}[g.Principal.Kind]
		return strings.Join([]string{rank, strings.ToLower(g.Name), g.Holder().ID}, "\x00")
	}
	return slices.IsSortedFunc(grants, func(a, b access.Grant) int { return strings.Compare(key(a), key(b)) })
}

// equalMaps is equal for maps that are nearly always equal, which it is quick to see.
func equalMaps[K, V comparable](t *testing.T, what string, want, got map[K]V) {
	t.Helper()
	if !maps.Equal(want, got) {
		equal(t, what, want, got)
	}
}

// check holds everything that is promised of one world.
func (d *deal) check(t *testing.T) {
	t.Helper()
	r := access.NewRoster(d.live)
	steps, others := r.Compare(d.wanted)

	// The steps are those of the naive model, and no more.
	wantSteps, wantOthers := map[someone][2]access.Permission{}, map[someone]access.Permission{}
	for p, level := range d.shall {
		before, ok := d.has[p]
		if !ok {
			before = access.None
		}
		if before != level {
			wantSteps[p] = [2]access.Permission{before, level}
		}
	}
	for p, level := range d.has {
		if _, ok := d.shall[p]; !ok {
			wantOthers[p] = level
		}
	}
	gotSteps := map[someone][2]access.Permission{}
	for _, s := range steps {
		gotSteps[d.find(s.Grant)] = [2]access.Permission{s.From, s.To}
	}
	equalMaps(t, "steps", wantSteps, gotSteps)
	equalMaps(t, "others", wantOthers, d.levels(t, access.NewRoster(others)))
	if len(steps) != len(wantSteps) || len(others) != len(wantOthers) {
		t.Errorf("%d steps and %d others, want %d and %d", len(steps), len(others), len(wantSteps), len(wantOthers))
	}

	// They come in one order, whatever that of the lists was.
	if grants := each(steps, func(s access.Step) access.Grant { return s.Grant }); !sorted(grants) || !sorted(others) {
		t.Errorf("not sorted: %v, %v", grants, others)
	}
	d.Shuffle(len(d.live), func(i, j int) { d.live[i], d.live[j] = d.live[j], d.live[i] })
	d.Shuffle(len(d.wanted), func(i, j int) { d.wanted[i], d.wanted[j] = d.wanted[j], d.wanted[i] })
	stepsAgain, othersAgain := access.NewRoster(d.live).Compare(d.wanted)
	if !slices.Equal(steps, stepsAgain) || !slices.Equal(others, othersAgain) {
		t.Errorf("the same lists in another order become %v and %v, not %v and %v", stepsAgain, othersAgain, steps, others)
	}

	// Carried out all together with the revocations, they make the list exactly what is wanted.
	for _, g := range others {
		steps = append(steps, access.Revoke(g))
	}
	after := r.After(each(steps, func(s access.Step) access.Result { return access.Result{Step: s, Done: true} }))
	equalMaps(t, "levels after", d.shall, d.levels(t, after))
	if more, left := after.Compare(d.wanted); len(more)+len(left) > 0 {
		t.Errorf("after the steps, there are steps %v and others %v", more, left)
	}

	// Carried out in part, they change those whose turn it was.
	partly := maps.Clone(d.has)
	results := each(steps, func(s access.Step) access.Result {
		done := d.IntN(2) == 0
		switch p := d.find(s.Grant); {
		case done && s.To == access.None:
			delete(partly, p)
		case done:
			partly[p] = s.To
		}
		return access.Result{Step: s, Done: done}
	})
	equalMaps(t, "levels after a part", partly, d.levels(t, r.After(results)))
}

func TestStepsAndRevocationsMakeAnyListWhatIsWanted(t *testing.T) {
	t.Parallel()
	for seed := range uint64(randomRosters) {
		if newDeal(seed).check(t); t.Failed() {
			t.Fatalf("in the world of seed %d", seed)
		}
	}
}

// TestARosterKnowsEverybodyByEveryIDThatIsKnown compares Find and Repeated with a search through plain lists.
func TestARosterKnowsEverybodyByEveryIDThatIsKnown(t *testing.T) {
	t.Parallel()
	for seed := range uint64(randomRosters) {
		d := newDeal(seed)
		r := access.NewRoster(d.live)
		for _, g := range d.live {
			if found, ok := r.Find(d.spell(g)); !ok || found != g {
				t.Fatalf("seed %d: %v is found as %v, %t", seed, g, found, ok)
			}
		}
		var listed []access.Grant
		var want []int
		seen := map[someone]bool{}
		for range d.IntN(10) {
			p := d.everybody[d.IntN(len(d.everybody))]
			g := access.Grant{Principal: access.Principal{Kind: p.kind, ID: p.id}, AccountID: p.accountID}
			if seen[p] { // by one of the ids of the first one, which has both
				g = access.Grant{Principal: d.spell(g)}
				want = append(want, len(listed))
			}
			seen[p] = true
			listed = append(listed, g)
		}
		if got := access.Repeated(listed); !slices.Equal(got, want) {
			t.Fatalf("seed %d: named twice are %v, want %v, in %v", seed, got, want, listed)
		}
	}
}
