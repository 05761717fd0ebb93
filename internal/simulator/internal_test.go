package simulator

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFieldsTrimAnswers(t *testing.T) {
	t.Parallel()
	body := object{
		"next": "n", "size": 2,
		"values": []any{
			object{"permission": "read", "user": object{"uuid": "u", "nickname": "n", "email": hidden{"e"}, "links": object{"self": "s"}}},
			object{"permission": "write", "links": object{"self": "s"}},
		},
	}
	for name, tt := range map[string]struct{ fields, want string }{
		"everything but what is hidden": {
			"", `{"next":"n","size":2,"values":[{"permission":"read","user":{"links":{"self":"s"},"nickname":"n","uuid":"u"}},{"links":{"self":"s"},"permission":"write"}]}`,
		},
		"bare names keep only those":      {"next,values.permission", `{"next":"n","values":[{"permission":"read"},{"permission":"write"}]}`},
		"without next, next is lost":      {"values.permission", `{"values":[{"permission":"read"},{"permission":"write"}]}`},
		"a bare name keeps what is below": {"values.user", `{"values":[{"user":{"links":{"self":"s"},"nickname":"n","uuid":"u"}},{}]}`},
		"minus removes":                   {"-values,-next", `{"size":2}`},
		"wildcards look through one key":  {"size,values.*.uuid", `{"size":2,"values":[{"user":{"uuid":"u"}},{}]}`},
		"minus with wildcards": {
			"-*.links,-*.*.links,-size,-next", `{"values":[{"permission":"read","user":{"nickname":"n","uuid":"u"}},{"permission":"write"}]}`,
		},
		"a wildcard at the end keeps a level": {"values.user.*", `{"values":[{"user":{"links":{"self":"s"},"nickname":"n","uuid":"u"}},{}]}`},
		"plus adds what is hidden": {
			"+values.user.email,-values.links,-values.user.links,-next,-size",
			`{"values":[{"permission":"read","user":{"email":"e","nickname":"n","uuid":"u"}},{"permission":"write"}]}`,
		},
		"plus joins a bare list":             {"values.permission,+values.user.email", `{"values":[{"permission":"read","user":{"email":"e"}},{"permission":"write"}]}`},
		"minus wins over bare":               {"values.user,-values.user.links,-values.user.nickname", `{"values":[{"user":{"uuid":"u"}},{}]}`},
		"minus with a trailing wildcard":     {"-values.user.*,-next,-size,-values.links", `{"values":[{"permission":"read","user":{}},{"permission":"write"}]}`},
		"unknown names keep nothing":         {"nothing", `{}`},
		"blanks and empty items are ignored": {" size , ,+", `{"size":2}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(parseFields(tt.fields).trim(body))
			if err != nil || string(got) != tt.want {
				t.Errorf("fields=%s leaves\n%s (%v), want\n%s", tt.fields, got, err, tt.want)
			}
		})
	}
}

// queried is the row that the queries of the tests look at.
var queried = map[string]any{
	"name": "API Server", "project.key": "PLAT", "is_private": true, "parent": nil, "permission": level(Write), "email": address("Ada@acme.example"),
	"created_on": time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
}

// queriedFields are the fields of that row.
var queriedFields = []string{"name", "project.key", "is_private", "parent", "permission", "email", "created_on"}

func TestQueriesThatParse(t *testing.T) {
	t.Parallel()
	for q, want := range map[string]bool{
		`name = "API Server"`:       true,
		`name="api server"`:         false,
		`name != "x"`:               true,
		`name ~ "SERV"`:             true,
		`name !~ "SERV"`:            false,
		`name > "A" AND name < "B"`: true,
		`name >= "API Server" and name <= "API Server"`:              true,
		`project.key IN ("WEB", "PLAT")`:                             true,
		`project.key NOT IN ("WEB","PLAT")`:                          false,
		`project.key not in ("WEB")`:                                 true,
		`is_private = true`:                                          true,
		`is_private != false`:                                        true,
		`parent = null`:                                              true,
		`parent != null`:                                             false,
		`name = null`:                                                false,
		`name != null`:                                               true,
		`permission > "read"`:                                        true,
		`permission >= "write" AND permission<"admin"`:               true,
		`permission = "write"`:                                       true,
		`permission > "king"`:                                        false,
		`email IN ("ada@ACME.example")`:                              true,
		`created_on > 2026-02-01`:                                    true,
		`created_on <= 2026-03-01T11:59:59`:                          false,
		`created_on = 2026-03-01T12:00:00+00:00`:                     true,
		`created_on > "soon"`:                                        false,
		`name = "x" AND name = "x" OR is_private = true`:             true,
		`name = "x" AND (name = "x" OR is_private = true)`:           false,
		`((is_private = true))`:                                      true,
		`name ~ "\"" OR name = "API Server"`:                         true,
		`name = "a \" b" OR (parent = null AND project.key~"plat" )`: true,
	} {
		parsed, err := parseQuery(q, queriedFields)
		if err != nil {
			t.Errorf("%s: %v", q, err)
			continue
		}
		if got := parsed.matches(func(field string) any { return queried[field] }); got != want {
			t.Errorf("%s is %t, want %t", q, got, want)
		}
	}
}

func TestQueriesThatDoNotParse(t *testing.T) {
	t.Parallel()
	for _, q := range []string{
		`name`, `name =`, `= "x"`, `name = "x`, `name "x"`, `(name = "x"`, `name = "x")`, `name IN "x"`, `name IN ("x"`, `name IN ("x" "y")`,
		`name NOT = "x"`, `name = "x" AND`, `OR name = "x"`, `nickname = "x"`, `"name" = "x"`, `name = "x" "y"`, `name ! "x"`, `name = (`,
		`name = "x\`, `()`,
	} {
		if _, err := parseQuery(q, queriedFields); err == nil {
			t.Errorf("%s parses", q)
		}
	}
}

func TestSlugsOfNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Administrators": "administrators", "Night Shift": "night-shift", "  Trimmed ": "trimmed", "Crème Brûlée": "crme-brle",
		"2022 ca9b0ca": "2022-ca9b0ca", "R&D / Lab": "rd--lab", "under_score.dot": "under_score.dot", "日本": "",
	} {
		if got := slugOf(name); got != want {
			t.Errorf("slug of %q is %q, want %q", name, got, want)
		}
	}
}

func TestPageNumbersAreOpaque(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{cursor(2): 2, cursor(41): 41, "3": 3, "": 0, "x": 0, "0": 0, "-1": -1, "!": 0} {
		if got := pageNumber(text); got != want {
			t.Errorf("page %q is number %d, want %d", text, got, want)
		}
	}
}

// TestEffectivePermission compares the look-ups with a count of all paths that lead to a repository.
func TestEffectivePermission(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		s := New(Options{})
		s.AddWorkspace(Workspace{Slug: "w"})
		s.AddProject(Project{Workspace: "w", Key: "P"})
		s.AddRepository(Repository{Workspace: "w", Slug: "r"})
		user := s.AddUser(User{})
		role := []string{RoleMember, RoleMember, RoleMember, RoleOwner}[random.IntN(4)]
		s.AddMember("w", user.UUID, role)
		best := 0
		if role == RoleOwner {
			best = rank(Admin)
		}
		for i := range 5 {
			g := Grant{Workspace: "w", Project: "P", Permission: projectLevels[random.IntN(4)]}
			worth := onRepository(g.Permission)
			if i%2 == 0 {
				g = Grant{Workspace: "w", Repository: "r", Permission: repositoryLevels[random.IntN(3)]}
				worth = g.Permission
			}
			group := Group{Name: fmt.Sprintf("g%d", i)}
			reaches := random.IntN(2) == 0
			if reaches {
				group.Members = []string{user.UUID}
			}
			g.Group = s.AddGroup("w", group).Slug
			if i > 2 {
				g.User, g.Group, reaches = user.UUID, "", true
			}
			if random.IntN(3) == 0 {
				s.Grant(g)
				if reaches {
					best = max(best, rank(worth))
				}
			}
		}
		ws := s.world.workspace("w")
		got := ws.effective(ws.repository("r"), user.UUID)
		listed := None
		for _, row := range (&exchange{w: s.world}).effectiveRows(ws, ws.repositories.values()) {
			listed = row.level
		}
		if got != levels[best] || listed != levels[best] {
			t.Fatalf("effective is %s, listed %s, want %s: %+v", got, listed, levels[best], s.Grants("w"))
		}
	}
}

func TestTablesKeepTheirOrder(t *testing.T) {
	t.Parallel()
	var tab table[int]
	for i, key := range []string{"c", "a", "b"} {
		tab.set(key, i)
	}
	twin := tab.clone(same[int])
	tab.set("a", 7)
	tab.rename("c", "d")
	tab.rename("x", "y")
	if !tab.remove("b") || tab.remove("b") {
		t.Error("remove tells whether the key was there")
	}
	if diff := cmp.Diff([]string{"d", "a"}, tab.keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{0, 7}, tab.values()); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{0, 1, 2}, twin.values()); diff != "" {
		t.Errorf("the clone changed (-want +got):\n%s", diff)
	}
}
