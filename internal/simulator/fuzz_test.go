package simulator_test

import (
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// small is a world in which there is one of everything.
const small = `{
	"users": [{"display_name": "Ada", "email": "ada@acme.example"}, {"display_name": "Grace", "email": "grace@acme.example", "inactive": true}],
	"organizations": [{
		"name": "Acme", "people": [{"user": "ada@acme.example"}, {"user": "grace@acme.example", "suspended": true, "roles": {"x": "member"}}],
		"groups": [{"name": "sso", "members": ["ada@acme.example"]}]
	}],
	"workspaces": [{
		"slug": "acme", "members": [{"user": "ada@acme.example", "role": "owner"}, {"user": "grace@acme.example", "role": "member"}],
		"groups": [{"name": "Developers", "permission": "write", "auto_add": true, "members": ["grace@acme.example"]}],
		"projects": [{"key": "PLAT"}], "repositories": [{"slug": "api", "project": "PLAT"}],
		"grants": [{"project": "PLAT", "user": "grace@acme.example", "permission": "admin"}, {"repository": "api", "group": "developers", "permission": "read"}],
		"invitations": [{"email": "linus@acme.example", "groups": ["developers"]}]
	}, {"slug": "org", "organization_managed": true, "members": [{"user": "grace@acme.example", "role": "member"}], "groups": [{"name": "web"}]}],
	"credentials": [{"kind": "api-token", "secret": "ATATT3xAda", "user": "ada@acme.example"}, {"kind": "workspace-access-token", "secret": "w", "workspace": "acme"}]
}`

// spoiled is a JSON text with another value in one place; which of the values in it that is, is counted in the order of the keys.
func spoiled(text []byte, place uint16, value string) []byte {
	var world, other any
	if json.Unmarshal(text, &world) != nil {
		return text
	}
	if json.Unmarshal([]byte(value), &other) != nil {
		other = value
	}
	left := int(place)
	content, err := json.Marshal(replaced(world, &left, other))
	if err != nil {
		return text
	}
	return content
}

func replaced(node any, left *int, other any) any {
	*left--
	if *left < 0 {
		*left = math.MaxInt
		return other
	}
	switch node := node.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(node)) {
			node[key] = replaced(node[key], left, other)
		}
	case []any:
		for i := range node {
			node[i] = replaced(node[i], left, other)
		}
	}
	return node
}

// FuzzSeeds holds that a seed is refused with an error, or makes a world that answers and whose snapshot makes the same world. Two values of
// the text are replaced, because what is found by changing bytes is for the most part no JSON.
func FuzzSeeds(f *testing.F) {
	for _, seed := range []string{
		small, `{}`, `null`, `{"users":[{}]}`, `{"users":[{"uuid":"{}"}]}`, `{"users":[{"account_id":"a"},{"account_id":"a"}]}`, `{"workspaces":[{"slug":"a/b"}]}`,
		`{"workspaces":[{"slug":"a","groups":[{"name":"/"}],"projects":[{"key":"a"}],"repositories":[{}]}]}`, `{"organizations":[{"directories":[]}]}`,
		`{"organizations":[{"id":"o","people":[{"user":"","directory":"x"}]}],"workspaces":[{"slug":"w","organization":"o"}]}`,
	} {
		f.Add([]byte(seed), uint16(math.MaxUint16), "", uint16(math.MaxUint16), "")
	}
	for place := range uint16(90) {
		value := []string{"acme", "null", `["api"]`, "developers", "ada@acme.example"}[place%5]
		f.Add([]byte(small), place, value, place*7%90, "org")
	}
	f.Fuzz(func(t *testing.T, text []byte, place uint16, value string, second uint16, another string) {
		var seed simulator.Seed
		if json.Unmarshal(spoiled(spoiled(text, place, value), second, another), &seed) != nil {
			return
		}
		s := simulator.New(simulator.Options{})
		if err := s.Load(seed); err != nil {
			if left := s.Snapshot(); err.Error() == "" || len(left.Users)+len(left.Workspaces)+len(left.Organizations)+len(left.Credentials) > 0 {
				t.Errorf("the error %q leaves %v", err, left)
			}
			return
		}
		want := s.Snapshot()
		content, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var read simulator.Seed
		if err := json.Unmarshal(content, &read); err != nil {
			t.Fatal(err)
		}
		again := simulator.New(simulator.Options{})
		if err := again.Load(read); err != nil {
			t.Fatalf("the snapshot cannot be loaded: %s\n%s", err, content)
		}
		if diff := cmp.Diff(want, again.Snapshot()); diff != "" {
			t.Errorf("another world (-want +got):\n%s", diff)
		}
		visit(t, s, want)
	})
}

// visit reads everything in a world as its first user.
func visit(t *testing.T, s *simulator.Simulator, seed simulator.Seed) {
	t.Helper()
	if len(seed.Users) == 0 {
		return
	}
	username, token := s.AddAPIToken(seed.Users[0].UUID)
	for _, ws := range seed.Workspaces {
		workspace := url.PathEscape(ws.Slug)
		paths := []string{
			"/1.0/groups/" + workspace, "/2.0/workspaces/" + workspace, "/2.0/workspaces/" + workspace + "/members", "/2.0/workspaces/" + workspace + "/permissions",
			"/2.0/workspaces/" + workspace + "/projects", "/2.0/repositories/" + workspace, "/2.0/workspaces/" + workspace + "/permissions/repositories",
		}
		for _, p := range ws.Projects {
			config := "/2.0/workspaces/" + workspace + "/projects/" + url.PathEscape(p.Key) + "/permissions-config/"
			paths = append(paths, config+"users", config+"groups")
		}
		for _, r := range ws.Repositories {
			config := "/2.0/repositories/" + workspace + "/" + url.PathEscape(r.Slug) + "/permissions-config/"
			paths = append(paths, config+"users", config+"groups")
		}
		for _, path := range paths {
			if status, _ := ask(t, s, username, token, path, nil); status >= http.StatusInternalServerError {
				t.Errorf("GET %s is answered %d", path, status)
			}
		}
	}
}

// ask sends a GET without a network; nil rows are no list.
func ask(tb testing.TB, s *simulator.Simulator, username, token, path string, query url.Values) (status int, rows []any) {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodGet, path+"?"+query.Encode(), http.NoBody)
	r.SetBasicAuth(username, token)
	answer := httptest.NewRecorder()
	s.Bitbucket().ServeHTTP(answer, r)
	var page struct{ Values []any }
	_ = json.Unmarshal(answer.Body.Bytes(), &page)
	return answer.Code, page.Values
}

// FuzzQueries holds that a list takes or refuses what it is asked for, and that what it takes has the meaning of the grammar: rows of the
// list and no others, and the same in parentheses and joined to itself.
func FuzzQueries(f *testing.F) {
	s := simulator.New(simulator.Options{})
	if err := s.Load(simulator.Acme()); err != nil {
		f.Fatal(err)
	}
	lists := []string{"/2.0/repositories/acme", "/2.0/workspaces/acme/members", "/2.0/workspaces/acme/projects", "/2.0/workspaces/acme/permissions/repositories"}
	for i, q := range []string{
		``, `slug = "api"`, `name ~ "a" AND slug != null`, `project.key IN ("PLAT", "WEB") OR slug ~ "x"`, `permission > "read"`, `(((slug="a")))`,
		`slug NOT IN ("a")`, `"`, `\`,
		`slug = "a\"b`, `slug = "a\`, `updated_on > 2026-01-01`, `user.email IN ("ada@acme.example")`, `slug NOT = "a"`, `is_private = true`,
		`slug=null or slug!=null`, `(`, `slug IN (`,
		"slug\x00=1", "slug = \u202e", `AND`, `slug = "a" AND`, `!`, strings.Repeat("(", 300),
	} {
		f.Add(uint8(i), q, "-name", "values.slug,-values.links", "1", "100")
		f.Add(uint8(i), q, "", "+values.*,next", "92233720368547760", "100")
	}
	f.Add(uint8(3), `permission > "read"`, "", "", "", "") // finds rows that are not on the first page of the list
	rows := func(tb testing.TB, path string, query url.Values) (int, []any) {
		tb.Helper()
		return ask(tb, s, simulator.AcmeUsername, simulator.AcmeAPIToken, path, query)
	}
	asked := func(tb testing.TB, path, q string, page int) (int, []any) {
		tb.Helper()
		fields := "values.slug,values.uuid,values.user.uuid,values.repository.uuid"
		return rows(tb, path, url.Values{"q": {q}, "page": {strconv.Itoa(page)}, "pagelen": {"100"}, "fields": {fields}})
	}
	whole := make(map[string][]any)
	for _, path := range lists {
		for page := 1; ; page++ {
			_, values := asked(f, path, "", page)
			if len(values) == 0 {
				break
			}
			whole[path] = append(whole[path], values...)
		}
	}
	f.Fuzz(func(t *testing.T, list uint8, q, sort, fields, number, length string) {
		path := lists[int(list)%len(lists)]
		if status, _ := rows(t, path, url.Values{"q": {q}, "sort": {sort}, "fields": {fields}, "page": {number}, "pagelen": {length}}); status != http.StatusOK &&
			status != http.StatusBadRequest {
			t.Errorf("%s is answered %d", path, status)
		}
		status, chosen := asked(t, path, q, 1)
		if strings.Trim(q, " \t\n") == "" || status != http.StatusOK {
			return
		}
		for _, row := range chosen {
			if !slices.ContainsFunc(whole[path], func(other any) bool { return cmp.Equal(row, other) }) {
				t.Errorf("%q finds %v, which is not in the list", q, row)
			}
		}
		for _, same := range []string{"(" + q + ")", "(" + q + ") AND (" + q + ")", "(" + q + ") OR (" + q + ")"} {
			if _, found := asked(t, path, same, 1); !cmp.Equal(chosen, found) {
				t.Errorf("%q finds %v, want %v", same, found, chosen)
			}
		}
	})
}
