package access_test

import (
	"fmt"
	"net/http"
	"runtime"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// held is how many bytes are on the heap that somebody still holds.
func held() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// TestAGrantTakesHalfAKilobyte holds what the documentation of Directory says of memory, and that one grant of a repository with ten
// thousand costs what their listing costs. It runs by itself, because the heap is that of all tests.
func TestAGrantTakesHalfAKilobyte(t *testing.T) { //nolint:paralleltest // it measures the heap
	const grants = 10_000
	w, d := acme(t)
	var last simulator.User
	for i := range grants {
		last = w.AddUser(simulator.User{DisplayName: fmt.Sprintf("A Person With a Name %d", i)})
		w.AddMember("acme", last.UUID, simulator.RoleMember)
		w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: last.UUID, Permission: simulator.Write})
	}
	before := held()
	if _, err := d.Grant(t.Context(), api, user(last.UUID)); err != nil {
		t.Fatal(err)
	}
	if each := (held() - before) / grants; each < 100 || each > 512 {
		t.Errorf("a grant takes %d bytes, want up to 512", each)
	}
	known := len(must(d.Grants(t.Context(), api, access.UserPrincipal))(t))
	if pages := w.Count(http.MethodGet, apiUsers); pages != (known+99)/100 || known < grants {
		t.Errorf("%d grants took %d requests, want one for each hundred", known, pages)
	}
	runtime.KeepAlive(d)
}
