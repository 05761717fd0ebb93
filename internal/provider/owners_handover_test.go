package provider_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// forgotten is a removed block that lets a resource go without taking its access away.
func forgotten(addresses ...string) string {
	return blocks(addresses, func(_ int, address string) string {
		return fmt.Sprintf("removed {\n  from = bitbucket_%s\n  lifecycle {\n    destroy = false\n  }\n}\n", address)
	})
}

// handover is the same access twice: as resources for one entry each, and as resources that own the lists.
type handover struct {
	entries, lists            string
	entryNames, listNames     []string
	entryImports, listImports []string // ids
	scopes                    []string // as messages name them
}

func handovers(w *acctest.World) handover {
	grace, linus := w.Grace.UUID, w.Linus.UUID
	r, p := repository(w, "handed"), project(w, "HANDED")
	users, groups := []string{grace, "write", linus, "read"}, []string{"developers", "admin"}
	h := handover{
		lists:       r.list("it", users, groups) + p.list("it", users, groups) + crewOf("it", "acme", "developers", w.Grace, w.Linus),
		listNames:   []string{"repository_permissions_exclusive.it", "project_permissions_exclusive.it", "group_members_exclusive.it"},
		listImports: []string{"acme/handed", "acme/HANDED", "acme/developers"},
		scopes:      []string{r.String(), p.String(), "group acme/developers"},
	}
	add := func(address, id, config string) {
		h.entryNames, h.entryImports, h.entries = append(h.entryNames, address), append(h.entryImports, id), h.entries+config
	}
	for kind, at := range map[string]place{"repository": r, "project": p} {
		add(kind+"_user_permission.grace", "acme/"+at.name+"/"+grace, at.entry("grace", "user", grace, "write"))
		add(kind+"_user_permission.linus", "acme/"+at.name+"/"+linus, at.entry("linus", "user", w.Linus.AccountID, "read"))
		add(kind+"_group_permission.developers", "acme/"+at.name+"/developers", at.entry("developers", "group", "developers", "admin"))
	}
	add("group_membership.grace", "acme/developers/"+grace, crewIn("grace", "acme", "developers", w.Grace))
	add("group_membership.linus", "acme/developers/"+linus, crewIn("linus", "acme", "developers", w.Linus))
	return h
}

// actions are what a saved plan does, by address; revocations are what its exclusive resources revoke.
func actions(t *testing.T, c *acctest.Command, plan string) (actions map[string][]string, revocations []any) {
	t.Helper()
	var shown struct {
		ResourceChanges []struct {
			Address string
			Change  struct {
				Actions []string
				After   struct{ Revokes, Lowers []any }
			}
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal([]byte(c.Run(t, 0, "show", "-json", plan)), &shown); err != nil {
		t.Fatal(err)
	}
	actions = map[string][]string{}
	for _, r := range shown.ResourceChanges {
		if !slices.Equal(r.Change.Actions, []string{"no-op"}) {
			actions[strings.TrimPrefix(r.Address, "bitbucket_")] = r.Change.Actions
		}
		revocations = append(revocations, append(r.Change.After.Revokes, r.Change.After.Lowers...)...)
	}
	return actions, revocations
}

// TestOwnersDoNotTakeAListFromEachOther holds that resources do not take the access of a list from each other by one being destroyed while
// the other is created, that the advice of the error works, and that nobody loses access by following it.
func TestOwnersDoNotTakeAListFromEachOther(t *testing.T) {
	t.Parallel()
	acctest.Require(t, acctest.Removed)
	for name, lists := range map[string]bool{"to lists": true, "to single entries": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			h := handovers(w)
			before, after, left, made := h.entries, h.lists, h.entryNames, h.listNames
			if !lists {
				before, after, left, made = h.lists, h.entries, h.listNames, h.entryNames
			}
			c := w.Command(t, before)
			c.Run(t, 0, "apply", "-auto-approve")
			access := sortedGrants(w)

			c.Write(t, after)
			said := about(remarks(t, c, 1, "plan"), "error", "")
			for _, scope := range h.scopes {
				if !strings.Contains(strings.Join(said, "\n"), scope) {
					t.Errorf("no error is about %s", scope)
				}
			}
			for _, text := range said {
				if !says(handedOver, "removed {", "destroy = false", "terraform state rm").MatchString(text) {
					t.Errorf("it does not say what to do:\n%s", text)
				}
				if strings.Contains(text, "Bitbucket_") {
					t.Errorf("it does not spell a type as the configuration does:\n%s", text)
				}
			}
			c.Run(t, 1, "apply", "-auto-approve")
			expectNoWrites(t, w)

			c.Write(t, after+forgotten(left...))
			c.Run(t, 0, "plan", "-out=saved.tfplan")
			want := map[string][]string{}
			for _, address := range left {
				want[address] = []string{"forget"}
			}
			for _, address := range made {
				want[address] = []string{"create"}
			}
			got, revocations := actions(t, c, "saved.tfplan")
			if diff := cmp.Diff(want, got); diff != "" || len(revocations) > 0 {
				t.Errorf("the plan is not as wanted (-want +got), and revokes %v:\n%s", revocations, diff)
			}
			c.Run(t, 0, "apply", "saved.tfplan")
			expectRequests(t, w, http.MethodDelete, "", 0)
			if diff := cmp.Diff(access, sortedGrants(w)); diff != "" {
				t.Errorf("the access has changed (-before +after):\n%s", diff)
			}
			c.Run(t, 0, "plan", "-detailed-exitcode")
			c.Write(t, after)
			c.Run(t, 0, "plan", "-detailed-exitcode")
			c.Run(t, 0, "destroy", "-auto-approve")
			if left := sortedGrants(w); len(left) > 0 {
				t.Errorf("it is left that %v", left)
			}
		})
	}
}

// TestTheNextOwnerMayBeImported holds that the other resource may as well be imported in the plan that lets the first one go.
func TestTheNextOwnerMayBeImported(t *testing.T) {
	t.Parallel()
	acctest.Require(t, acctest.Removed)
	w := acctest.New(t, simulator.Options{})
	h := handovers(w)
	importing := func(names, ids []string) string {
		return blocks(names, func(i int, address string) string { return adopting("bitbucket_"+address, ids[i]) })
	}
	c := w.Command(t, h.entries)
	c.Run(t, 0, "apply", "-auto-approve")
	for _, config := range []string{
		h.lists + forgotten(h.entryNames...) + importing(h.listNames, h.listImports),
		h.entries + forgotten(h.listNames...) + importing(h.entryNames, h.entryImports),
	} {
		c.Write(t, config)
		c.Run(t, 0, "apply", "-auto-approve")
		expectNoWrites(t, w)
		c.Run(t, 0, "plan", "-detailed-exitcode")
	}
}

// TestAListKeepsItsAccessUnderAnotherAddress holds that a list does not lose its access by a change of the name of its block.
func TestAListKeepsItsAccessUnderAnotherAddress(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	h := handovers(w)
	renamed := strings.ReplaceAll(h.lists, `"it" {`, `"renamed" {`)
	moved := blocks(h.listNames, func(_ int, address string) string {
		return fmt.Sprintf("moved {\n  from = bitbucket_%[1]s.it\n  to   = bitbucket_%[1]s.renamed\n}\n", strings.TrimSuffix(address, ".it"))
	})
	c := w.Command(t, h.lists)
	c.Run(t, 0, "apply", "-auto-approve")
	c.Write(t, renamed)
	var want [][]string
	for i, scope := range h.scopes {
		want = append(want, []string{handedOver, scope, strings.TrimSuffix(h.listNames[i], ".it"), "moved block"})
	}
	expectRemarks(t, about(remarks(t, c, 1, "plan"), "error", ""), want...)
	c.Run(t, 1, "apply", "-auto-approve")
	expectNoWrites(t, w)
	c.Write(t, renamed+moved)
	c.Run(t, 0, "plan", "-out=saved.tfplan")
	if got, _ := actions(t, c, "saved.tfplan"); len(got) > 0 {
		t.Errorf("the plan does %v", got)
	}
	c.Run(t, 0, "apply", "saved.tfplan")
	expectNoWrites(t, w)
}

// TestAReplacementIsContentWithWhoIsGoneBefore holds that the replacement of a list whose plan revokes somebody, whom the removal of the
// old one takes out first, finds that person gone and is content with it.
func TestAReplacementIsContentWithWhoIsGoneBefore(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	again := repository(w, "again")
	c := w.Command(t, again.list("again", []string{w.Linus.UUID, "read"}, nil))
	c.Run(t, 0, "apply", "-auto-approve")
	w.Grant(again.grant(w.Grace.UUID, "", "write"))
	c.Run(t, 0, "apply", "-auto-approve", "-replace=bitbucket_repository_permissions_exclusive.again")
	if got := w.Permission(again.grant(w.Grace.UUID, "", "")); got != simulator.None {
		t.Errorf("Grace has %s", got)
	}
	c.Run(t, 0, "plan", "-detailed-exitcode")
}
