package simulator_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestPagesOfAnOrganization(t *testing.T) {
	t.Parallel()
	for urls := range map[bool]bool{false: true, true: true} {
		c := newCorp(t, simulator.Options{CursorURLs: urls})
		for i := range 60 {
			u := c.AddUser(simulator.User{DisplayName: fmt.Sprintf("Person %d", i)})
			c.AddToOrganization(c.org, u.UUID)
			c.AddOrganizationGroup(c.org, simulator.OrganizationGroup{Name: fmt.Sprintf("group-%d", i)})
		}
		// next returns the cursor of the next page, "" at the end.
		next := func(r reply) string {
			t.Helper()
			links, _ := r.body["links"].(map[string]any)
			text, isText := links["next"].(string)
			if _, sent := links["next"]; !sent || isText == (links["next"] == nil) {
				t.Errorf("next is %v", links["next"])
			}
			if address, err := url.Parse(text); urls && text != "" {
				if err != nil || !strings.HasPrefix(text, "http") {
					t.Errorf("next is no URL: %s", text)
				}
				return address.Query().Get("cursor")
			}
			return text
		}
		for path, sizes := range map[string][]int{"/groups/search": {20, 20, 20, 3}, "/users/search": {50, 13}} {
			var got []int
			seen := map[any]bool{}
			body := `{}`
			for body != "" {
				page := c.admin.want(http.StatusOK, http.MethodPost, c.directory+path, body)
				for _, name := range page.column("name") {
					seen[name] = true
				}
				got, body = append(got, len(page.values())), ""
				if cursor := next(page); cursor != "" {
					body = `{"cursor":"` + cursor + `"}`
				}
			}
			if !cmp.Equal(got, sizes) || len(seen) != 63 {
				t.Errorf("%s has pages of %v, %d different rows", path, got, len(seen))
			}
		}
		filtered := c.admin.do(http.MethodPost, c.directory+"/groups/search", `{"searchTerm":"group-1","limit":6}`)
		if got := c.admin.do(http.MethodPost, c.directory+"/groups/search", `{"cursor":"`+next(filtered)+`"}`).column("name"); len(got) != 5 {
			t.Errorf("the cursor forgets the search: %v", got)
		}
		if got := c.admin.do(http.MethodPost, c.directory+"/groups/search", `{"searchTerm":"group-1","limit":2,"cursor":"`+next(filtered)+`"}`).values(); len(got) != 2 {
			t.Errorf("the cursor forgets the limit: %v", got)
		}
		listed := c.admin.get(c.directory + "/users?searchTerm=person&limit=40")
		second := c.admin.get(c.directory + "/users?searchTerm=nobody&cursor=" + url.QueryEscape(next(listed)))
		if len(second.values()) != 20 || at(second.body, "links.prev") == nil {
			t.Errorf("the second page of the list is %v", second.column("name"))
		}
		c.admin.want(http.StatusBadRequest, http.MethodGet, c.directory+"/groups?cursor="+url.QueryEscape(next(listed)), "")
	}
}
