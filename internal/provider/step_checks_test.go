package provider_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
)

// planned are plan checks of a step: what happens to the object at address, and what else is checked once the plan is made.
func planned(address string, action plancheck.ResourceActionType, more ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: append([]plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}, more...)}
}

// nothingPlanned are plan checks of a step that changes nothing.
func nothingPlanned(more ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: append([]plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}, more...)}
}

// afterPlan is a plan check that runs between a plan and its apply: it counts the requests of the plan, or changes the world.
type afterPlan func()

func (f afterPlan) CheckPlan(context.Context, plancheck.CheckPlanRequest, *plancheck.CheckPlanResponse) {
	f()
}

// values are checks of an object's attributes in the state.
func values(address string, attributes map[string]knownvalue.Check) []statecheck.StateCheck {
	var checks []statecheck.StateCheck
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		checks = append(checks, statecheck.ExpectKnownValue(address, tfjsonpath.New(name), attributes[name]))
	}
	return checks
}

// count checks how many requests of a kind there were.
func count(t *testing.T, w *acctest.World, method, path string, want int) {
	t.Helper()
	if got := w.Count(method, path); got != want {
		t.Errorf("%d requests %s %s, want %d", got, method, path, want)
	}
}
