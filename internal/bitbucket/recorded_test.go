package bitbucket_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
)

func TestRecordedBodiesAreRead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file string
		item bool // the file holds an item of a list
		read func(*testing.T, *client) (any, error)
		want any
	}{
		"the own account": {
			"user-2022.json", false, func(t *testing.T, c *client) (any, error) { t.Helper(); return c.GetCurrentUser(t.Context()) },
			bitbucket.CurrentUser{Account: bitbucket.Account{
				UUID: "{4b85b785-1433-4092-8512-20302f4a03be}", AccountID: "623316f53fbb880068413f6b",
				DisplayName: "Sourcegraph Testing", Nickname: "Sourcegraph Testing",
			}},
		},
		"a workspace": {
			"workspace-2026.json", false, func(t *testing.T, c *client) (any, error) { t.Helper(); return c.GetWorkspace(t.Context(), "x") },
			bitbucket.Workspace{UUID: "{12345678-9abc-def0-1234-56789abcdef0}", Slug: "myworkspace", Name: "My Workspace"},
		},
		"an own workspace": {
			"user-workspaces-item.json", true, func(t *testing.T, c *client) (any, error) { t.Helper(); return all(c.ListWorkspaces(t.Context())) },
			[]bitbucket.WorkspaceAccess{{
				Administrator: true, Workspace: bitbucket.Workspace{UUID: "{12345678-9abc-def0-1234-56789abcdef0}", Slug: "myworkspace"},
			}},
		},
		"a project": {
			"project-2020.json", false, func(t *testing.T, c *client) (any, error) { t.Helper(); return c.GetProject(t.Context(), "x", "y") },
			bitbucket.Project{UUID: "{9b15c9a7-6d6f-4639-ae23-c86307e19a89}", Key: "Atlassian1", Name: "Atlassian1", IsPrivate: true},
		},
		"groups with permissions": {
			"repo-permissions-config-groups-2023-redacted.json", false, func(t *testing.T, c *client) (any, error) {
				t.Helper()
				return all(c.ListPermissions(t.Context(), bitbucket.RepositoryPermissions("x", "y"), bitbucket.Groups))
			},
			[]bitbucket.Permission{
				{Permission: "admin", Group: &bitbucket.GroupRef{Slug: "administrator", Name: "administrator"}},
				{Permission: "read", Group: &bitbucket.GroupRef{Slug: "developer", Name: "developer"}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := recorded(t, tt.file)
			if tt.item {
				body = `{"values":[` + body + `]}`
			}
			c, _ := scripted(t, http.StatusOK, body)
			got, err := tt.read(t, c)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRecordedRepositoriesAreRead(t *testing.T) {
	t.Parallel()
	c, _ := scripted(t, http.StatusOK, recorded(t, "repository-2023.json"))
	got, err := c.GetRepository(t.Context(), "x", "y")
	if err != nil {
		t.Fatal(err)
	}
	want := bitbucket.Repository{UUID: "{b8313f5b-2134-488d-9aca-830fb95206c5}", Slug: "bb", Name: "bb", FullName: "gildas_cherruel/bb"}
	want.Project.Key = "OS"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("repository (-want +got):\n%s", diff)
	}
}

func TestARecordedPageOfRepositoriesIsRead(t *testing.T) {
	t.Parallel()
	// The next page of the recording is at Bitbucket itself, so a client of a server of ours stops after the first.
	c, journal := scripted(t, http.StatusOK, recorded(t, "repositories-page1-2022.json"))
	got, err := all(c.ListRepositories(t.Context(), "x", ""))
	if err == nil || len(journal()) != 1 {
		t.Errorf("error is %v after %d requests", err, len(journal()))
	}
	want := bitbucket.Repository{
		UUID: "{b090a669-ac7b-44cd-9610-02d027cb39f3}", Slug: "src-cli", Name: "src-cli", FullName: "sourcegraph-testing/src-cli", IsPrivate: true,
	}
	want.Project.Key = "SOUR"
	if diff := cmp.Diff([]bitbucket.Repository{want}, got); diff != "" {
		t.Errorf("repositories (-want +got):\n%s", diff)
	}
}

func TestTheAccountOfARecordedParticipantIsRead(t *testing.T) {
	t.Parallel()
	var participant struct{ User bitbucket.Account }
	if err := json.Unmarshal([]byte(recorded(t, "participant.json")), &participant); err != nil {
		t.Fatal(err)
	}
	want := bitbucket.Account{
		UUID: "{60e4f565-f5eb-4b84-8641-9acefb365103}", AccountID: "564623:f1408930-a86d-48a9-85bb-9aa3843b84ba",
		DisplayName: "John Doe", Nickname: "john_doe",
	}
	if diff := cmp.Diff(want, participant.User); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
}
