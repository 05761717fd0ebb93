package main

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAStateIsExpandedAfterItsExamples(t *testing.T) {
	t.Parallel()
	s, err := parseShape("8-per-repository")
	if err != nil {
		t.Fatal(err)
	}
	instances := s.additive(s.grants(16))
	user, group := instances[0], instances[4]
	resource := func(in instance) map[string]any {
		return map[string]any{"type": in.resourceType, "name": in.name, "instances": []any{map[string]any{"attributes": map[string]any{
			"workspace": "acme", "repo_slug": in.words[0], "principal": in.words[1],
		}}}}
	}
	small, err := json.Marshal(map[string]any{"version": 4, "lineage": "n0", "resources": []any{resource(user), resource(group)}})
	if err != nil {
		t.Fatal(err)
	}
	large, err := expand(small, map[string]instance{user.resourceType: user, group.resourceType: group}, instances)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"version": 4.0, "lineage": "n0"}
	var resources []any
	for _, in := range instances {
		resources = append(resources, resource(in))
	}
	want["resources"] = resources
	var got map[string]any
	if err := json.Unmarshal(large, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoStateIsNotExpanded(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{}", `{"resources": [1]}`} {
		if _, err := expand([]byte(text), nil, nil); err == nil {
			t.Errorf("%q was expanded", text)
		}
	}
}
