package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// disputed is an account id of which answers say whose it is.
const disputed = "557058:1"

// answer is the JSON of a data source in a state, with one user.
func answer(provider, kind, uuid string) string {
	return fmt.Sprintf(`{"mode":"data","type":%q,"provider_name":%q,"values":{"users":[{"account_id":%q,"uuid":%q,"display_name":"Grace"}]}}`,
		kind, provider, disputed, uuid)
}

// TestOnlyBitbucketTellsThePolicyWhoSomebodyIs gives Linus admin by account id, in plans in which others than Bitbucket say that this is Grace.
func TestOnlyBitbucketTellsThePolicyWhoSomebodyIs(t *testing.T) {
	t.Parallel()
	const (
		ours    = "registry.terraform.io/bitbucket-access/bitbucket"
		forged  = `{"account_id":"` + disputed + `","uuid":"` + graceUUID + `"}`
		members = `{"mode":"managed","address":"m.it","type":"bitbucket_group_members_exclusive","change":{"actions":["no-op"],"before":`
		set     = `,"configuration":{"provider_config":{"a":{"expressions":{`
	)
	says := answer(ours, "bitbucket_users", graceUUID)
	p := unapplied(t, acctest.New(t, simulator.Options{}))
	for name, test := range map[string]struct {
		resources, module string // what the state has, in the root module and in one far below
		more              string // what else the plan has
		changes           string // what else it changes
		allowed           bool
	}{
		"nobody says so":                           {},
		"Bitbucket says so":                        {resources: says, allowed: true},
		"Bitbucket says so twice, in two ways":     {resources: says + "," + answer(ours, "bitbucket_users", strings.ToUpper(graceUUID)), allowed: true},
		"Bitbucket says so in a module":            {module: says, allowed: true},
		"Bitbucket says two things":                {resources: says, module: answer(ours, "bitbucket_users", linusUUID)},
		"Bitbucket says one thing more":            {resources: says, module: answer(ours, "bitbucket_users", "{ffffffff-0d52-4c8e-9e2b-6a1d6f2f6a10}")},
		"Bitbucket says something else":            {resources: answer(ours, "bitbucket_users", linusUUID)},
		"the data of another provider":             {resources: answer("registry.terraform.io/hashicorp/http", "http", graceUUID)},
		"the data of another provider like ours":   {resources: answer("registry.terraform.io/eve/bitbucket", "bitbucket_users", graceUUID)},
		"a resource":                               {resources: strings.Replace(says, `"data"`, `"managed"`, 1)},
		"an output":                                {more: `,"output_changes":{"x":{"actions":["create"],"after":` + forged + `}}`},
		"a variable":                               {more: `,"variables":{"x":{"value":` + forged + `}}`},
		"what has drifted elsewhere":               {more: `,"resource_drift":[{"address":"terraform_data.x","type":"terraform_data","change":{"before":` + forged + `}}]`},
		"what the author of a resource may write":  {changes: members + `{"user_ids":[` + forged + `]}}}`},
		"what another provider computes":           {changes: members + `{"revokes":[` + forged + `]}}}`},
		"what answers in the place of Bitbucket":   {resources: says, more: set + `"base_url":{}}}}}`},
		"what answers in the place of the members": {resources: says, more: set + `"admin_base_url":{}}}}}`},
	} {
		grant := `{"mode":"managed","address":"x.y","type":"bitbucket_project_user_permission","change":{"actions":["create"],"before":null,"after_unknown":{},` +
			`"after":{"workspace":"acme","project_key":"OPS","user_id":"` + disputed + `","permission":"admin"}}}`
		if test.changes != "" {
			grant += "," + test.changes
		}
		plan := `{"format_version":"1.2","planned_values":{},"resource_changes":[` + grant + `],"prior_state":{"values":{"root_module":{"resources":[` + test.resources +
			`],"child_modules":[{"child_modules":[{"resources":[` + test.module + `]}]}]}}}` + test.more + "}"
		_, summary := p.instead(t, 2, plan).expect(t, 2, "sh drift.sh detect")
		if strings.Contains(summary, allowedPlan) != test.allowed || strings.Contains(summary, refusedPlan) == test.allowed {
			t.Errorf("%s:\n%s", name, summary)
		}
	}
}

// TestTheAuthorOfAConfigurationNamesNoGroup holds that what a group is called in a summary is what Bitbucket calls it.
func TestTheAuthorOfAConfigurationNamesNoGroup(t *testing.T) {
	t.Parallel()
	p := unapplied(t, acctest.New(t, simulator.Options{}))
	const row = `{"mode":"managed","address":"x.y","provider_name":"registry.terraform.io/bitbucket-access/bitbucket","type":%q,"change":{"actions":["update"],` +
		`"after_unknown":{},"before":%s,"after":%s}}`
	var (
		group = fmt.Sprintf(row, "bitbucket_group", `{"workspace":"acme","slug":"team","name":"Team"}`, `{"workspace":"acme","slug":"team","name":"Platform"}`)
		grant = fmt.Sprintf(row, "bitbucket_project_group_permission", `{"workspace":"acme","project_key":"OPS","group_slug":"team","permission":"read"}`,
			`{"workspace":"acme","project_key":"OPS","group_slug":"team","permission":"admin"}`)
		about = `{"mode":"data","type":"bitbucket_effective_access","provider_name":"registry.terraform.io/bitbucket-access/bitbucket","values":{"findings":[` +
			`{"group_slug":"team","user_id":"u","name":"Platform"}]}}`
	)
	_, summary := p.instead(t, 2, `{"format_version":"1.2","planned_values":{},"resource_changes":[`+group+","+grant+
		`],"prior_state":{"values":{"root_module":{"resources":[`+about+`]}}}}`).expect(t, 2, "sh drift.sh detect")
	mention(t, summary, "- `x.y`: group `Team` (`team`) would become admin of project `acme/OPS`\n")
}
