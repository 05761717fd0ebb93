package atlassian_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/atlassian"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

func TestRecordedBodiesOfTheAdministrationAreRead(t *testing.T) {
	t.Parallel()
	for file, tt := range map[string]struct {
		read func(context.Context, *client) (any, error)
		want any
	}{
		"groups-list-v2-2025-12-redacted.json": {
			func(ctx context.Context, c *client) (any, error) { return all(c.ListGroups(ctx, workspace)) },
			[]atlassian.Group{{ID: "00000000-0000-4000-8000-0000000000a1", Name: "EXAMPLE-admins", DirectoryID: "00000000-0000-4000-8000-0000000000d1"}},
		},
		"users-of-group-v2-2025-12-redacted.json": {
			func(ctx context.Context, c *client) (any, error) { return all(c.ListMembers(ctx, groupID)) },
			[]atlassian.User{{AccountID: "5b10ac8d82e05b22cc7d4ef5", Name: "Redacted Person", Email: "redacted@example.com", Status: "active"}},
		},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			body, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "atlassian-admin", "recorded", file))
			if err != nil {
				t.Skipf("the recorded bodies are not beside the module: %v", err)
			}
			got, err := tt.read(t.Context(), newClient(t, serve(t, say(200, string(body))), rest.Options{}))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}
