package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// limitRuns limits some requests of a kind, for so many seconds each by the clock of the machine.
func limitRuns(w *acctest.World, method string, after, times int, seconds string) (remove func()) {
	f := simulator.RateLimited(times)
	f.Method, f.After = method, after
	f.Header.Set("Retry-After", seconds)
	return w.Inject(f)
}

func TestTerraformStopsAtALimitAndGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	var people []string
	for i := range 30 {
		people = append(people, w.AddPerson(fmt.Sprintf("Person %d", i), simulator.RoleMember).UUID)
	}
	config := repositoryGrants("user", "user_id", "write", people)
	c := w.Command(t, "provider \"bitbucket\" {\n  max_rate_limit_wait = \"0s\"\n}\n"+config)
	heal := limitRuns(w, http.MethodPut, 12, 0, "3600")
	output := unframed(c.Run(t, 1, "apply", "-auto-approve"))
	limited := &limitedAccess{World: w}
	if n := limited.limitedRequests(); n == 0 || n > parallelism {
		t.Errorf("%d requests were limited, want %d at most", n, parallelism)
	}
	if told := strings.Count(output, "Error: Unable to grant repository permission"); told != 18 {
		t.Errorf("%d errors, want 18:\n%s", told, output)
	}
	if !says("on repository acme/api to user {", `429 Too Many Requests: "Rate limit for this resource has been exceeded"`, "has not waited for its end",
		"max_rate_limit_wait", "Run Terraform again later").MatchString(output) {
		t.Errorf("it says\n%s", output)
	}
	if held, live := len(strings.Fields(c.Run(t, 0, "state", "list"))), len(w.Grants("acme")); held != 12 || live != 12 {
		t.Errorf("%d grants are in the state and %d are live, want 12", held, live)
	}

	heal()
	c.Write(t, config)
	heal = limitRuns(w, http.MethodPut, 3, 2, "1")
	applied(t, c)
	limited.expectSentAgain(t, 2)
	heal()
	if n := len(writes(w)); n != 18+2 || len(w.Grants("acme")) != 30 {
		t.Errorf("%d writes, and %d grants are live", n, len(w.Grants("acme")))
	}
	heal = limitRuns(w, http.MethodGet, 0, 1, "1")
	expectNothingToDo(t, c)
	count(t, w, "", "", 2)
	heal()
	limitRuns(w, http.MethodDelete, 3, 1, "1")
	c.Run(t, 0, "destroy", "-auto-approve")
	limited.expectSentAgain(t, 1)
	if n := len(w.Grants("acme")); n != 0 {
		t.Errorf("%d grants are left", n)
	}
}
