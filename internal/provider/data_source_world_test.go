package provider_test

import (
	"cmp"
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// exact is a text, of which "" is null.
func exact(text string) knownvalue.Check {
	if text == "" {
		return knownvalue.Null()
	}
	return knownvalue.StringExact(text)
}

// object is a row with exactly these attributes.
func object(attributes map[string]knownvalue.Check) knownvalue.Check {
	return knownvalue.ObjectExact(attributes)
}

// list is a list of exactly these rows.
func list(rows ...knownvalue.Check) knownvalue.Check { return knownvalue.ListExact(rows) }

// member is a person as a group of workspace acme shows one.
func member(groupSlug string, u simulator.User) knownvalue.Check {
	row := person(u, "")
	delete(row, "role")
	row["import_id"] = exact("acme/" + groupSlug + "/" + cmp.Or(u.UUID, u.AccountID))
	return object(row)
}

// person is a person as users show one.
func person(u simulator.User, role string) map[string]knownvalue.Check {
	return map[string]knownvalue.Check{
		"uuid": exact(u.UUID), "account_id": exact(u.AccountID), "display_name": exact(u.DisplayName), "nickname": exact(u.Nickname), "role": exact(role),
	}
}

// group is a group of workspace acme; permission is "" for nothing.
func group(name, slug, permission string, members ...knownvalue.Check) map[string]knownvalue.Check {
	return map[string]knownvalue.Check{
		"name": exact(name), "slug": exact(slug), "permission": exact(permission), "members": list(members...), "import_id": exact("acme/" + slug),
	}
}

// reading runs a configuration of data sources and checks what they tell, and how many requests of a kind its plan makes.
func reading(t *testing.T, w *acctest.World, config string, want map[string]map[string]knownvalue.Check, requests map[string]int) {
	t.Helper()
	var checks []statecheck.StateCheck
	for address, attributes := range want {
		checks = append(checks, values("data."+address, attributes)...)
	}
	acctest.Test(t, resource.TestStep{
		Config: w.Config(config),
		ConfigPlanChecks: nothingPlanned(afterPlan(func() {
			for path, n := range requests {
				count(t, w, http.MethodGet, path, n)
			}
		})),
		ConfigStateChecks: checks,
	})
}

// found is a person as bitbucket_user shows one; email is "" where neither the argument nor an organization tells it.
func found(u simulator.User, role, userID, email string) map[string]knownvalue.Check {
	row := person(u, role)
	row["user_id"], row["email"] = exact(userID), exact(email)
	return row
}

// objectOf is a row of texts: names and values in turn.
func objectOf(pairs ...string) knownvalue.Check {
	row := map[string]knownvalue.Check{}
	for i := 0; i < len(pairs); i += 2 {
		row[pairs[i]] = exact(pairs[i+1])
	}
	return object(row)
}
