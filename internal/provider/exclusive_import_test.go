package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// adoptingAll are import blocks for the owners of objects.
func adoptingAll(objects []owned) string {
	var text strings.Builder
	for _, o := range objects {
		text.WriteString(adopting(o.address(), "acme/"+o.object))
	}
	return text.String()
}

// columnsOf joins the columns of an owner, as a plan shows them, by name.
func columnsOf(w *acctest.World, values map[string]any) who {
	all := who{}
	for _, column := range []string{"users", "groups"} {
		levels, _ := values[column].(map[string]any)
		for id, level := range levels {
			named, _ := nameOf(w, id)
			all[named], _ = level.(string)
		}
	}
	ids, _ := values["user_ids"].([]any)
	for _, id := range ids {
		named, _ := nameOf(w, fmt.Sprint(id))
		all[named] = "member"
	}
	return all
}

// TestAListThatIsImportedIsWhole holds that a list that is imported is whole: the plan shows as a difference who is in it and not in the
// configuration.
func TestAListThatIsImportedIsWhole(t *testing.T) {
	t.Parallel()
	acctest.Require(t, acctest.Removed)
	w := acctest.NewManaged(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)
	want := who{"Grace": "write", "Ops": "read"}
	more := together(want, who{"Linus": "admin", "Developers": "write"})
	for _, o := range objects {
		o.become(w, more)
	}
	c := w.Command(t, adoptingAll(objects)+blocksOf(w, objects, more)) // the configuration is as it is live
	r := review(t, w, c)
	for _, o := range objects {
		r.expect(t, w, o, "no-op", nil, nil)
	}
	c.Run(t, 0, "apply", "saved")
	expectNoWrites(t, w)
	c.Write(t, spelled(w, more, accountID))
	expectNothingToDo(t, c)
	c.Write(t, forgetting(objects))
	applied(t, c)
	expectNoWrites(t, w)

	c.Write(t, adoptingAll(objects)+blocksOf(w, objects, want)) // the configuration names fewer
	r = review(t, w, c)
	for _, o := range objects {
		r.expect(t, w, o, "update", who{"Linus": "admin", "Developers": "write"}, nil)
		change := r.changes[o.address()].Change
		if diff := cmp.Diff([]who{o.fits(w, more), o.fits(w, want)}, []who{columnsOf(w, change.Before), columnsOf(w, change.After)}); diff != "" {
			t.Errorf("%s: before and after (-want +planned):\n%s", o.address(), diff)
		}
	}
	c.Run(t, 0, "apply", "saved")
	for _, o := range objects {
		expectChanges(t, w, o, nil, keysOf(o.fits(w, who{"Linus": "", "Developers": ""})))
		expectAccess(t, w, o, want)
	}
	expectNothingToDo(t, c)
}

// forgetting are blocks that let the owners of objects go without taking access away.
func forgetting(objects []owned) string {
	var text strings.Builder
	for _, o := range objects {
		fmt.Fprintf(&text, "removed {\n  from = %s\n  lifecycle {\n    destroy = false\n  }\n}\n", o.address())
	}
	return text.String()
}

// TestAListIsImportedToBeReportedWithoutALoss holds that a list can be imported to be reported, or with groups left alone: nobody loses access by it.
func TestAListIsImportedToBeReportedWithoutALoss(t *testing.T) {
	t.Parallel()
	acctest.Require(t, acctest.Removed)
	w := acctest.New(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)
	for _, o := range objects {
		o.become(w, who{"Grace": "write", "Linus": "read", "Ops": "admin"})
	}
	c := w.Command(t, adoptingAll(objects)+blocksOf(w, objects, who{"Grace": "write"}, reporting))
	r := review(t, w, c)
	for _, o := range objects {
		r.expectExtras(t, w, o, who{"Linus": "read", "Ops": "admin"})
	}
	c.Run(t, 0, "apply", "saved")
	expectNoWrites(t, w)

	c.Write(t, forgetting(objects))
	applied(t, c)
	c.Write(t, adoptingAll(objects[:2])+blocksOf(w, objects[:2], who{"Grace": "write", "Linus": "read"}, `ignore_groups = ["Ops"]`))
	expectSilence(t, applied(t, c))
	expectNoWrites(t, w)
	expectNothingToDo(t, c)
}

// TestImportsOfListsSayWhichIDsAreAccepted holds which ids are accepted, and what is said of others.
func TestImportsOfListsSayWhichIDsAreAccepted(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	objects := ownedObjects(w)
	for _, o := range objects {
		o.become(w, who{"Grace": "write"})
	}
	c := w.Command(t, blocksOf(w, objects, who{"Grace": "write"}))
	for i, o := range objects {
		bad := []struct{ id, phrase string }{
			{"acme/api/" + w.Grace.UUID, "is not of the form workspace/repo_slug"}, {"acme/NONE", "acme/NONE"}, {"", "is not of the form workspace/group_slug"},
		}[i]
		if output := unframed(c.Run(t, 1, "import", o.address(), bad.id)); !says("Unable to import", bad.phrase).MatchString(output) {
			t.Errorf("%s: the import of %q says\n%s", o.address(), bad.id, output)
		}
		c.Run(t, 0, "import", o.address(), []string{"acme:" + o.object, workspaceUUID(w) + "/" + o.object, "acme/" + o.object}[i])
	}
	expectNothingToDo(t, c)
}

// beforeDestroy lets replacements be made before what they replace is destroyed.
func beforeDestroy(configuration string) string {
	return strings.ReplaceAll(configuration, "\n}\n", "\n  lifecycle {\n    create_before_destroy = true\n  }\n}\n")
}

// replacing are the arguments that replace the owners of objects.
func replacing(objects []owned) []string {
	var args []string
	for _, o := range objects {
		args = append(args, "-replace="+o.address())
	}
	return args
}

// TestReplacingAListBeforeItIsDestroyedTakesNobodysAccess holds that a replacement that is made before the old one is destroyed, as
// -replace does with create_before_destroy, takes nobody's access away, and still shows and revokes what nobody has asked for.
func TestReplacingAListBeforeItIsDestroyedTakesNobodysAccess(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)
	want := who{"Grace": "write", "Linus": "read", "Ops": "read"}
	c := w.Command(t, beforeDestroy(blocksOf(w, objects, want)))
	applied(t, c)
	output := applied(t, c, replacing(objects)...)
	expectNoWrites(t, w)
	for _, o := range objects {
		expectTaken(t, w, output, o, nil)
	}
	for _, o := range objects {
		o.change(w, "Dennis", "admin")
	}
	r := review(t, w, c, replacing(objects)...)
	c.Run(t, 0, "apply", "saved")
	for _, o := range objects {
		if got := r.rows(t, w, o, "revokes"); len(got) != 1 || got["Dennis"] == "" {
			t.Errorf("%s: the plan revokes %v, want of Dennis", o.address(), got)
		}
		expectAccess(t, w, o, want)
	}
	expectNothingToDo(t, c)
}

// TestReplacingAListInOtherWordsTakesNobodysAccess holds the same while the spelling of people changes.
func TestReplacingAListInOtherWordsTakesNobodysAccess(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		objects := ownedObjects(w)
		want := who{"Grace": "write", "Linus": "read"}
		byUUID := func(u simulator.User) string { return u.UUID }
		c := w.Command(t, beforeDestroy(spelled(w, want, byUUID)))
		applied(t, c)
		for _, spell := range []func(simulator.User) string{accountID, byUUID} {
			c.Write(t, beforeDestroy(spelled(w, want, spell)))
			applied(t, c, replacing(objects)...)
			expectNoWrites(t, w)
			for _, o := range objects {
				expectAccess(t, w, o, want)
			}
		}
	})
}
