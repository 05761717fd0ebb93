package review

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// pageLevel is something that people may have on a repository, as the page shows it.
type pageLevel struct {
	Name string `json:"name"`
	// Letter is what the cells of the matrix say.
	Letter string `json:"letter"`
	// Look is the class of CSS that gives the colour.
	Look string `json:"look"`
}

// Known tells whether the page knows what the level allows.
func (l pageLevel) Known() bool { return l.Look != unknown }

// unknown is the look of every level that Bitbucket has and this package does not know.
const unknown = "unknown"

// levels are what people may have on a repository as far as it is known, lowest first.
var levels = []pageLevel{
	{string(access.None), "", "none"},
	{string(access.Read), "R", "read"},
	{string(access.Write), "W", "write"},
	{string(access.Admin), "A", "admin"},
}

// levelsOf are the levels of the page. Those that are not known stand after no access: they are access, but nobody can say that they are as
// much as reading.
func levelsOf(all []access.EffectiveAccess) []pageLevel {
	found := slices.Clone(levels)
	for _, a := range all {
		if placeOf(found, a.Permission) < 0 {
			found = append(found, pageLevel{levelName(a.Permission), "?", unknown})
		}
	}
	others := slices.SortedFunc(slices.Values(found[len(levels):]), func(l, m pageLevel) int { return strings.Compare(l.Name, m.Name) })
	return slices.Insert(slices.Clone(levels), 1, others...)
}

// placeOf is the place of a level; -1 for one that is not there.
func placeOf(all []pageLevel, p access.Permission) int {
	name := levelName(p)
	return slices.IndexFunc(all, func(l pageLevel) bool { return l.Name == name })
}

// levelName is what the page calls a level.
func levelName(p access.Permission) string { return visible(cmp.Or(string(p), "unnamed")) }
