package access_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// uses is how often each method is used at the same time.
const uses = 12

// crowdWorld is a world with a crowd in it, and how to get another Directory that knows nothing yet.
type crowdWorld struct {
	*simulator.Simulator
	crowd

	fresh func() *access.Directory
}

// newCrowd gives a workspace what the crowd uses.
func newCrowd(t *testing.T, s *simulator.Simulator, workspace string, managed bool, fresh func() *access.Directory) *crowdWorld {
	t.Helper()
	w := &crowdWorld{Simulator: s, fresh: fresh, crowd: crowd{managed: managed, workspace: workspace, project: "CROWD"}}
	for _, ws := range s.Snapshot().Workspaces {
		if ws.Slug == workspace {
			w.uuid = ws.UUID
		}
	}
	s.AddProject(simulator.Project{Workspace: workspace, Key: w.project})
	for i := range uses {
		u := s.AddUser(simulator.User{DisplayName: fmt.Sprintf("Crowd %d", i)})
		s.AddMember(workspace, u.UUID, simulator.RoleMember)
		w.people = append(w.people, u)
	}
	for _, slug := range []string{"crowd-a", "crowd-b", "crowd-c"} {
		s.AddRepository(simulator.Repository{Workspace: workspace, Project: w.project, Slug: slug})
		w.objects = append(w.objects, access.Scope{Kind: access.RepositoryScope, Workspace: workspace, Name: slug})
	}
	group := func(name string) string { return s.AddGroup(workspace, simulator.Group{Name: name}).Slug }
	w.group, w.joined, w.left, w.guests = group("Crowd"), group("Joined"), group("Left"), group("Guests")
	before := fresh()
	for i, u := range w.people {
		s.Grant(simulator.Grant{Workspace: workspace, Repository: w.objects[1].Name, User: u.UUID, Permission: simulator.Read})
		s.AddGroupMember(workspace, w.left, u.UUID)
		w.changed, w.deleted = append(w.changed, group(fmt.Sprintf("Changed %d", i))), append(w.deleted, group(fmt.Sprintf("Deleted %d", i)))
		if !managed {
			must(before.Invite(t.Context(), workspace, w.withdrawn(i)))(t)
		}
	}
	s.ResetJournal()
	w.d = fresh()
	return w
}

// eachCrowd runs a test on both kinds of workspace.
func eachCrowd(t *testing.T, test func(t *testing.T, w *crowdWorld)) {
	t.Helper()
	t.Run("administered in Bitbucket", func(t *testing.T) {
		t.Parallel()
		w, _ := acme(t)
		test(t, newCrowd(t, w.Simulator, "acme", false, func() *access.Directory { return w.ada(t) }))
	})
	t.Run("administered at admin.atlassian.com", func(t *testing.T) {
		t.Parallel()
		w := newManagedWorld(t, simulator.Options{}, testclock.New())
		test(t, newCrowd(t, w.Simulator, simulator.AcmeManagedWorkspace, true, func() *access.Directory { return w.directory(t) }))
	})
}

// use is one use of a method.
type use struct {
	method  string
	do      does
	i       int
	givesUp bool
}

// allUses are uses of all methods, in an order that is the same on every run but mixed.
func allUses(methods map[string]does) []use {
	var all []use
	for n, method := range slices.Sorted(maps.Keys(methods)) {
		for i := range uses {
			all = append(all, use{method: method, do: methods[method], i: i, givesUp: (n+i)%5 == 0})
		}
	}
	slices.SortStableFunc(all, func(a, b use) int { return cmp.Compare(a.i*7919%uses, b.i*7919%uses) })
	return all
}

func TestManyReadersOfEverythingAskForNothingTwice(t *testing.T) {
	t.Parallel()
	eachCrowd(t, func(t *testing.T, w *crowdWorld) {
		t.Helper()
		shared := maps.Clone(reading)
		delete(shared, "PeopleByEmail") // asks each time, as it says
		delete(shared, "KnownByEmail")
		delete(shared, "EntriesNow") // reads what may have changed
		all := allUses(shared)
		together(t, len(all), func(n int) error {
			if err := all[n].do(t.Context(), &w.crowd, all[n].i); err != nil {
				return fmt.Errorf("%s: %w", all[n].method, err)
			}
			return nil
		})
		asked := map[string]int{}
		for _, r := range w.Journal() {
			asked[r.Method+" "+r.Path+"?"+r.Query.Encode()+" "+r.Body]++
		}
		for request, times := range asked {
			if times > 1 {
				t.Errorf("%d times %s", times, request)
			}
		}
	})
}

func TestManyAtWorkKnowTheTruthAfterwards(t *testing.T) {
	t.Parallel()
	eachCrowd(t, func(t *testing.T, w *crowdWorld) {
		t.Helper()
		everything := maps.Clone(reading)
		maps.Copy(everything, writing)
		all := allUses(everything)
		for i := range uses { // what is sent again is carried out once, and who gives up takes nothing from the others
			fault := simulator.Fault{Status: http.StatusServiceUnavailable}
			if i%2 == 1 {
				fault = simulator.Fault{Method: http.MethodGet, CutBefore: true}
			}
			if i%4 == 2 {
				fault.Method = http.MethodPut
			}
			if fault.Method == "" {
				fault.Method = http.MethodDelete
			}
			fault.After, fault.Times = 5*i, 1
			w.Inject(fault)
		}
		together(t, len(all), func(n int) error {
			one := all[n]
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if _, writes := writing[one.method]; one.givesUp && !writes {
				go cancel()
			}
			err := one.do(ctx, &w.crowd, one.i)
			if err != nil && (ctx.Err() == nil || !errors.Is(err, context.Canceled)) {
				return fmt.Errorf("%s %d: %w", one.method, one.i, err)
			}
			return nil
		})
		w.expectTruth(t)
		carriedOut := map[string]int{}
		for _, r := range w.Journal() {
			if r.Method != http.MethodGet && r.Status < 300 && !strings.HasSuffix(r.Path, "/search") && !strings.HasSuffix(r.Path, "/workspaces") {
				carriedOut[r.Method+" "+r.Path+" "+r.Body]++
			}
		}
		for request, times := range carriedOut {
			if times > 1 {
				t.Errorf("%d times carried out: %s", times, request)
			}
		}
	})
}

// expectTruth demands that the Directory knows what another one reads.
func (w *crowdWorld) expectTruth(t *testing.T) {
	t.Helper()
	ctx, other := t.Context(), w.fresh()
	for _, scope := range w.objects {
		for _, kind := range []access.PrincipalKind{access.UserPrincipal, access.GroupPrincipal} {
			equal(t, fmt.Sprintf("%s to %ss", scope, kind), ordered(must(other.Grants(ctx, scope, kind))(t)), ordered(must(w.d.Grants(ctx, scope, kind))(t)))
		}
	}
	names := func(d *access.Directory) []string {
		var all []string
		for _, g := range must(d.Groups(ctx, w.workspace))(t) {
			all = append(all, fmt.Sprintf("%s %s %s %s", g.Slug, g.Name, g.Permission, joined(must(d.Members(ctx, w.workspace, g.Slug))(t))))
		}
		return slices.Sorted(slices.Values(all))
	}
	equal(t, "groups", names(other), names(w.d))
	for i := range uses {
		for _, invitation := range []access.Invitation{w.invitation(i), w.withdrawn(i)} {
			want, errWant := other.Invitation(ctx, w.workspace, invitation)
			got, errGot := w.d.Invitation(ctx, w.workspace, invitation)
			equal(t, "invitation of "+invitation.Email, fmt.Sprint(want, errWant), fmt.Sprint(got, errGot))
		}
	}
}

// ordered are grants in the order of their principals.
func ordered(grants []access.Grant) []access.Grant {
	return slices.SortedFunc(slices.Values(grants), func(a, b access.Grant) int { return cmp.Compare(a.Principal.ID, b.Principal.ID) })
}

func joined(members []access.Person) string {
	var ids []string
	for _, p := range members {
		ids = append(ids, cmp.Or(p.AccountID, p.UUID))
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

func TestTheCrowdUsesEveryMethodOfADirectory(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var methods []string
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range parsed.Decls {
			f, ok := declared.(*ast.FuncDecl)
			if !ok || f.Recv == nil || !f.Name.IsExported() {
				continue
			}
			if star, ok := f.Recv.List[0].Type.(*ast.StarExpr); ok && fmt.Sprint(star.X) == "Directory" {
				methods = append(methods, f.Name.Name)
			}
		}
	}
	used := slices.Concat(slices.Collect(maps.Keys(reading)), slices.Collect(maps.Keys(writing)))
	slices.Sort(methods)
	slices.Sort(used)
	equal(t, "methods", methods, used)
}
