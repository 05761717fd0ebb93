package provider_test

import (
	"os"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestNamesThatForgeMarkdownStayNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Eve | admin | none | x |":          "`Eve \\| admin \\| none \\| x \\|`",
		"`a` ``b`` [x](https://evil) <b> &": "``` `a` ``b`` [x](https://evil) <b> & ```",
		"Eve\n\n# No drift\r\n| x |":        "`Eve # No drift \\| x \\|`",
		"\u202egnorts\u0007 @acme/admins":   "`  gnorts  @acme/admins `",
		`back\`:                             "`back⧵`",
		strings.Repeat("x", 100):            "`" + strings.Repeat("x", 79) + "…`",
		"Grace ✓ Hopper":                    "`Grace ✓ Hopper`",
		" ":                                 "`   `",
	} {
		requireTools(t, "jq")
		p := pipeline{acctest.New(t, simulator.Options{}), t.TempDir(), map[string]string{"PATH": os.Getenv("PATH")}}
		p.save(t, "access.jq", driftFile(t, "access.jq"))
		p.save(t, "name", name)
		output, code := p.run(t, `jq -Rsr -L . 'include "access"; code' name`)
		if code != 0 || strings.TrimSuffix(output, "\n") != want {
			t.Errorf("%q becomes %q, want %q", name, output, want)
		}
	}
}

func TestHostileNamesOfBitbucketForgeNoRowOfTheSummary(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	p := newPipeline(t, w)
	eve := w.AddPerson("Eve | `none` | @acme/admins\n\nNo drift: x", simulator.RoleMember)
	slug := w.AddGroup("acme", simulator.Group{Name: "[ok](https://evil.example) | <!--\n## Lost"}).Slug
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: eve.UUID, Permission: simulator.Admin})
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: slug, Permission: simulator.Write})
	_, summary := p.expect(t, 2, "sh drift.sh detect")
	const on, by = "\n| repository `acme/api` | ", " | none | `bitbucket_repository_permissions_exclusive.api` |\n"
	for _, want := range []string{
		on + "user ``Eve \\| `none` \\| @acme/admins No drift: x`` (`" + eve.UUID + "`) | admin" + by,
		on + "group `[ok](https://evil.example) \\| <!-- ## Lost` (`" + slug + "`) | write" + by,
	} {
		if !strings.Contains(summary, want) {
			t.Errorf("there is no %q in\n%s", want, summary)
		}
	}
	if strings.Count(summary, "\n#") != 2 { // Gained, and the policy
		t.Errorf("the summary has other sections:\n%s", summary)
	}
}
