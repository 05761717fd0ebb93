package main_test

import (
	"slices"
	"strings"
	"testing"
)

// TestThePictureLeavesNoImportOut holds that who may import a package is led to it by arrows, if through others.
func TestThePictureLeavesNoImportOut(t *testing.T) {
	t.Parallel()
	_, picture, _ := strings.Cut(readFile(t, "ARCHITECTURE.md"), "```mermaid\n")
	picture, _, _ = strings.Cut(picture, "```")
	packages := map[string]string{"main": ""}
	for _, n := range node.FindAllStringSubmatch(picture, -1) {
		packages[n[1]] = "internal/" + n[2]
	}
	drawn := map[string][]string{}
	for _, e := range edge.FindAllStringSubmatch(picture, -1) {
		drawn[packages[e[1]]] = append(drawn[packages[e[1]]], packages[e[2]])
	}
	for from, allowed := range arrows {
		reached := slices.Clone(drawn[from])
		for i := 0; i < len(reached); i++ {
			for _, next := range drawn[reached[i]] {
				if !slices.Contains(reached, next) {
					reached = append(reached, next)
				}
			}
		}
		for _, to := range allowed {
			if !slices.Contains(reached, to) {
				t.Errorf("no arrow leads from %q to %q", from, to)
			}
		}
	}
}
