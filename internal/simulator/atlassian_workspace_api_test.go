package simulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestWorkspacesOfAnOrganization(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	c.AddWorkspace(simulator.Workspace{Slug: "linked", Name: "A Linked", Organization: c.org, SeatLimit: 5, Deactivated: true})
	c.AddWorkspace(simulator.Workspace{Slug: "foreign"})
	workspaces := "/admin/v2/orgs/" + c.org + "/workspaces"
	for body, want := range map[string][]any{
		"":               {"corp", "A Linked"},
		`{"limit":1000}`: {"corp", "A Linked"},
		`{"query":null}`: {"corp", "A Linked"},
		`{"query":{"field":{"name":"attributes.typeKey","values":["bitbucket"]}}}`:                        {"corp", "A Linked"},
		`{"query":{"field":{"name":"attributes.type","values":["confluence"]}}}`:                          nil,
		`{"query":{"field":{"name":"attributes.type","values":[]}}}`:                                      {"corp", "A Linked"},
		`{"query":{"field":{"name":"id","values":["{ari}"]}}}`:                                            {"corp"},
		`{"query":{"searchWorkspaces":"LINKED"}}`:                                                         {"A Linked"},
		`{"query":{"searchWorkspaces":"bitbucket.org/co"}}`:                                               {"corp"},
		`{"query":{"nor":[{"searchWorkspaces":"linked"}]}}`:                                               {"corp"},
		`{"query":{"and":[{"searchWorkspaces":"linked"},{"features":["x"]}]}}`:                            nil,
		`{"query":{"policies":[]}}`:                                                                       {"corp", "A Linked"},
		`{"sort":[{"field":"attributes.type","order":"asc"},{"field":"attributes.name","order":"desc"}]}`: {"corp", "A Linked"},
		`{"sort":[{"field":"attributes.name","order":"asc"}],"limit":1}`:                                  {"A Linked"},
	} {
		got := c.admin.want(http.StatusOK, http.MethodPost, workspaces, c.fill(body))
		if diff := cmp.Diff(want, got.column("attributes.name")); diff != "" {
			t.Errorf("%s finds (-want +got):\n%s", body, diff)
		}
	}
	first := c.admin.want(http.StatusOK, http.MethodPost, workspaces, `{"limit":1}`)
	row := first.values()[0]
	attributes, _ := row["attributes"].(map[string]any)
	if row["id"] != c.ari || attributes["hostUrl"] != "https://bitbucket.org/corp" || attributes["usage"] != float64(2) || attributes["status"] != "online" {
		t.Errorf("the row is %v", row)
	}
	if diff := cmp.Diff(decoded(t, `{"total":2,"pageSize":1,"startIndex":0,"endIndex":1}`), at(first.body, "meta")); diff != "" {
		t.Errorf("meta (-want +got):\n%s", diff)
	}
	address, err := url.Parse(at(first.body, "links.next").(string))
	if err != nil || !strings.HasPrefix(address.Path, workspaces) {
		t.Errorf("next is %v (%v)", address, err)
	}
	cursor := address.Query().Get("cursor")
	second := c.admin.want(http.StatusOK, http.MethodPost, workspaces, `{"cursor":"`+cursor+`"}`).values()[0]
	if at(second, "attributes.capacity") != float64(5) || at(second, "attributes.status") != "offline" {
		t.Errorf("the second row is %v", second)
	}
	for _, body := range []string{
		`{"cursor":"` + cursor + `","limit":1}`, `{"limit":1001}`, `{"limit":0}`, `{"query":{"or":[]}}`, `{"query":"x"}`, `{"sort":[{"field":"x","order":"asc"}]}`,
		`{"sort":[{"field":"id","order":"up"}]}`, `{"query":{"field":{"name":"x","values":[]}}}`, `{"query":{"and":[{"x":1}]}}`, `{"names":[]}`,
	} {
		c.admin.deliberately("the rules are what is tested").want(http.StatusBadRequest, http.MethodPost, workspaces, body)
	}
}
