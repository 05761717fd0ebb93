package provider_test

import (
	"strings"
	"testing"
)

// shows demands that an output holds the lines that the guide shows under a heading, in their order: those of the nth block there that is no
// code.
func shows(t *testing.T, output, heading string, nth int) {
	t.Helper()
	lines := strings.Split(output, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	for want := range strings.Lines(shown(t, heading, nth)) {
		if want = strings.TrimSpace(want); want == "" {
			continue
		}
		at := -1
		for i, line := range lines {
			if strings.HasPrefix(line, want) {
				at = i
				break
			}
		}
		if at < 0 {
			t.Errorf("the guide shows %q under %q, in its place the output does not:\n%s", want, heading, output)
			return
		}
		lines = lines[at+1:]
	}
}

// shown returns what the guide shows under a heading, see shows.
func shown(t *testing.T, heading string, nth int) string {
	t.Helper()
	_, text, found := strings.Cut(guidePage(t, "joiners-movers-leavers"), "\n"+heading+"\n")
	if !found {
		t.Fatalf("the guide has no %q", heading)
	}
	text, _, _ = strings.Cut(text, "\n## ")
	var blocks []string
	for i, block := range strings.Split(text, "\n```") {
		if plain, ok := strings.CutPrefix(block, "\n"); ok && i%2 == 1 {
			blocks = append(blocks, plain)
		}
	}
	if nth >= len(blocks) {
		t.Fatalf("the guide shows %d things under %q", len(blocks), heading)
	}
	return blocks[nth]
}

func TestTheGuideShowsTheRosterOfTheExample(t *testing.T) {
	t.Parallel()
	guide := guidePage(t, "joiners-movers-leavers")
	if !strings.Contains(guide, "```csv\n"+guideFile(t, "roster", "", "roster.csv")+"```") {
		t.Error("the guide shows another file")
	}
}
