package provider_test

import (
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestALineWithASecretIsNotPrinted holds that what the provider says of a secret in its block does not let Terraform print that line.
func TestALineWithASecretIsNotPrinted(t *testing.T) {
	t.Parallel()
	const secret = "ATATT3xLiteral"
	w := acctest.New(t, simulator.Options{})
	x := w.Command(t, "")
	for _, test := range []struct {
		about, block string
		code         int
		want         []string
	}{
		{"a deprecated name", `username = "ada", password = "SECRET"`, 0, []string{"Attribute Deprecated", "password: Use api_token instead"}},
		{"a deprecated token", `oauth_token = "SECRET"`, 0, []string{"Attribute Deprecated", "oauth_token: Use access_token instead"}},
		{"both names", `username = "ada", api_token = "SECRET", password = "SECRET"`, 1, []string{"Invalid Attribute Combination", "api_token: "}},
		{"both tokens", `access_token = "SECRET", oauth_token = "SECRET"`, 1, []string{"Invalid Attribute Combination", "access_token: "}},
		{"two credentials", `access_token = "SECRET", oauth_client_secret = "SECRET"`, 1, []string{"More than one credential"}},
		{"a password in an address", `base_url = "https://ada:SECRET@api.bitbucket.org"`, 1, []string{"Invalid base_url", "must hold a scheme, a host and at most a path"}},
		{"a key in the place of an id", `organization { id = "SECRET" }`, 1, []string{"Invalid organization.id", "not the id of an organization"}},
		{"half of one", `oauth_client_secret = "SECRET"`, 0, nil},
	} {
		block := strings.ReplaceAll(strings.ReplaceAll(test.block, ", ", "\n  "), "SECRET", secret)
		x.Write(t, "provider \"bitbucket\" {\n  "+block+"\n}\n"+projectPlat)
		if printed := x.Run(t, test.code, "validate"); !says(test.want...).MatchString(printed) || strings.Contains(printed, secret) {
			t.Errorf("of %s it says\n%s", test.about, printed)
		}
	}
	x.Write(t, "provider \"bitbucket\" {\n  organization { api_key = \""+secret+"\" }\n}\n"+projectPlat)
	if printed := x.Run(t, 1, "plan"); !says("Missing organization.id").MatchString(printed) || strings.Contains(printed, secret) {
		t.Errorf("of a key without its organization a plan says\n%s", printed)
	}
	x.Write(t, "provider \"bitbucket\" {\n  oauth_client_secret = \""+secret+"\"\n}\n"+projectPlat)
	if printed := x.Run(t, 1, "plan"); !says("Missing oauth_client_id").MatchString(printed) || strings.Contains(printed, secret) {
		t.Errorf("of half a credential a plan says\n%s", printed)
	}
}
