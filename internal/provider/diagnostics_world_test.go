package provider_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
)

// says matches a text that Terraform has wrapped: the phrases in this order and any case, whatever lies between them.
func says(phrases ...string) *regexp.Regexp {
	patterns := make([]string, len(phrases))
	for i, phrase := range phrases {
		patterns[i] = strings.Join(strings.Fields(regexp.QuoteMeta(phrase)), `\s+`)
	}
	return regexp.MustCompile("(?si)" + strings.Join(patterns, ".*"))
}

var diagnosticAddress = regexp.MustCompile(`\n\s+with ([^,]+),\n`)

// errorsOf applies a configuration that must fail and returns what Terraform says, by the address of the object that is at fault.
func errorsOf(t *testing.T, config string) map[string]string {
	t.Helper()
	acctest.RequireCLI(t)
	var failure error
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps:                    []resource.TestStep{{Config: config}},
		ErrorCheck: func(err error) error {
			failure = err
			return nil
		},
	})
	if failure == nil {
		t.Fatal("Terraform accepted the configuration")
	}
	found := map[string]string{}
	for _, text := range strings.Split(failure.Error(), "\nError: ")[1:] {
		address := ""
		if match := diagnosticAddress.FindStringSubmatch(text); match != nil {
			address = match[1]
		}
		found[address] += text
	}
	return found
}

// checkErrors compares what Terraform says about each address with the phrases that are expected there, and nothing else.
func checkErrors(t *testing.T, config string, want map[string][]string) {
	t.Helper()
	got := errorsOf(t, config)
	for address, phrases := range want {
		if text, ok := got[address]; !ok {
			t.Errorf("%s: there is no error", address)
		} else if !says(phrases...).MatchString(text) {
			t.Errorf("%s: the error does not say %q:\n%s", address, phrases, text)
		}
	}
	for _, address := range slices.Sorted(maps.Keys(got)) {
		if want[address] == nil {
			t.Errorf("%s: an error that is not expected:\n%s", address, got[address])
		}
	}
}
