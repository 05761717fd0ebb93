//go:build linux

package provider_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// message is a line that Terraform prints for programs.
type message struct {
	Type   string
	Change struct {
		Resource struct{ Addr string }
		Action   string
	}
	Diagnostic struct{ Severity, Address, Summary, Detail string }
}

// messages are the lines of a run; the last may have been cut off.
func (r ran) messages() (all []message) {
	for line := range strings.Lines(r.output) {
		var m message
		if json.Unmarshal([]byte(line), &m) == nil {
			all = append(all, m)
		}
	}
	return all
}

// errors are what a run says that went wrong.
func (r ran) errors() string {
	return blocks(r.messages(), func(_ int, m message) string {
		if m.Diagnostic.Severity != "error" {
			return ""
		}
		return fmt.Sprintf("%s: %s: %s\n", m.Diagnostic.Address, m.Diagnostic.Summary, m.Diagnostic.Detail)
	})
}

// check holds that a run has written what its plan shows and nothing else, and has left everything as it was or as it is wanted.
func (s *chaosStory) check(t *testing.T, j journey, r ran) {
	t.Helper()
	plan := map[string]string{} // the actions by address
	for _, m := range r.messages() {
		if m.Type == "planned_change" {
			plan[m.Change.Resource.Addr] = m.Change.Action
		}
	}
	made := allAccess{} // by this run
	for _, w := range r.writes {
		changed := s.counted(t, r, w)
		for key, level := range changed {
			address := j.to.owner(key)
			if plan[address] == "" {
				address = j.from.owner(key)
			}
			// An interrupted run deletes the group again that it has made and not brought to its end.
			isTakenBack := level == "" && made[key] != "" && r.death != nil && r.death.way == interrupts
			switch {
			case plan[address] == "":
				t.Errorf("it is in no plan that %q becomes %q: %s", key, level, w.line)
			case level != j.want[key] && !j.mayBe(key, level, plan[address]) && !isTakenBack:
				t.Errorf("%q becomes %q, want %q: %s", key, level, j.want[key], w.line)
			}
			if j.before[key] == "" {
				made[key] = level
			}
		}
	}
	now := accessIn(s.world.Snapshot())
	for _, key := range now.differences(j.want) {
		if now[key] != j.before[key] && !j.mayBe(key, now[key], plan[j.to.owner(key)]) {
			t.Errorf("%q is %q, was %q and is wanted as %q", key, now[key], j.before[key], j.want[key])
		}
	}
}

// counted counts a write and returns what it has changed, or what it did when it was sent before.
func (s *chaosStory) counted(t *testing.T, r ran, w received) allAccess {
	t.Helper()
	s.counts.add("writes", 1)
	if len(w.changed) > 0 {
		s.seen[w.line] = w.changed
		return w.changed
	}
	// What an interrupted run no longer waits for may come after the group was taken back that it is about.
	isLate := w.status == http.StatusNotFound && r.death != nil && r.death.way == interrupts
	if s.seen[w.line] != nil {
		s.counts.add("repeated", 1)
	} else if !isLate {
		t.Errorf("a write changes nothing, and is not the repetition of one: %s: %d", w.line, w.status)
	}
	return s.seen[w.line]
}

var importText = regexp.MustCompile(`import it with the id (\S+)\. `)

// remedy does what the errors of a run tell, for the next run to go on, and returns how often.
func (s *chaosStory) remedy(t *testing.T, j journey, r ran) int {
	t.Helper()
	var imports []string
	for _, m := range r.messages() {
		detail := strings.Join(strings.Fields(m.Diagnostic.Detail), " ") + " "
		found := importText.FindStringSubmatch(detail)
		if found == nil || m.Diagnostic.Severity != "error" {
			continue
		}
		imports = append(imports, adopting(m.Diagnostic.Address, found[1]))
		s.counts.add("imported", 1)
		if slices.Contains(j.from.addresses(), m.Diagnostic.Address) {
			s.counts.add("renamed", 1)
		}
	}
	save(t, s.command, "imports.tf", strings.Join(imports, ""))
	return len(imports)
}

// mend does what a user does when Terraform has died while it wrote its state: the file is empty or cut off then, and the backup that
// Terraform makes before the first change of a run is what it was before this run or, where nothing had changed yet, before an earlier one.
// A first run has none, and starts again.
func (s *chaosStory) mend(t *testing.T) {
	t.Helper()
	const name = "terraform.tfstate"
	now := s.file(t, name)
	if now == nil || json.Valid(now) {
		return
	}
	s.counts.add("cut", 1)
	if len(now) == 0 {
		s.counts.add("empty", 1)
	}
	backup := s.file(t, name+".backup")
	if backup == nil {
		if s.states[len(s.states)-1] != nil {
			t.Error("there is no backup of the state")
		}
		if err := os.Remove(filepath.Join(s.command.Path(), name)); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !slices.ContainsFunc(s.states, func(state []byte) bool { return state != nil && slices.Equal(held(t, state), held(t, backup)) }) {
		t.Errorf("the backup is no state that was there before a run:\n%s", backup)
	}
	save(t, s.command, name, string(backup))
}

// held are the addresses in a state.
func held(t *testing.T, text []byte) []string {
	t.Helper()
	var state struct {
		Resources []struct {
			Type, Name string
			Instances  []struct {
				IndexKey string `json:"index_key"`
			}
		}
	}
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatalf("the state: %v", err)
	}
	var addresses []string
	for _, r := range state.Resources {
		for _, i := range r.Instances {
			addresses = append(addresses, fmt.Sprintf("%s.%s[%q]", r.Type, r.Name, i.IndexKey))
		}
	}
	slices.Sort(addresses)
	return addresses
}

// file reads a file of the folder; nil when there is none.
func (s *chaosStory) file(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.command.Path(), name))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return text
}
