package provider

import (
	"slices"
	"strings"
	"testing"
)

func TestParseImportID(t *testing.T) {
	t.Parallel()
	const uuid, account = "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}", "557058:6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10"
	three := []part{inWorkspace, onRepository.part, toUser.part}
	for _, test := range []struct {
		name, id string
		parts    []part
		want     []string
		wantErr  string
	}{
		{name: "a path", id: "acme/api/" + uuid, parts: three, want: []string{"acme", "api", uuid}},
		{name: "a path that ends in an account id", id: "acme/api/" + account, parts: three, want: []string{"acme", "api", account}},
		{name: "the form of other providers", id: "acme:api:" + uuid, parts: three, want: []string{"acme", "api", uuid}},
		{name: "that form with an account id", id: "acme:api:" + account, parts: three, want: []string{"acme", "api", account}},
		{name: "a workspace by UUID", id: uuid + "/api/" + uuid, parts: three, want: []string{uuid, "api", uuid}},
		{name: "two parts", id: "acme/developers", parts: []part{inWorkspace, onGroup.part}, want: []string{"acme", "developers"}},
		{name: "nothing", id: "", parts: three, wantErr: `the import id "" is not of the form workspace/repo_slug/user_id`},
		{name: "too few parts", id: "acme/api", parts: three, wantErr: `the import id "acme/api" is not of the form workspace/repo_slug/user_id`},
		{name: "too many parts", id: "acme/api/x/y", parts: three, wantErr: "is not of the form workspace/repo_slug/user_id"},
		{name: "too few parts between colons", id: "acme:api", parts: three, wantErr: "is not of the form workspace/repo_slug/user_id"},
		{name: "an empty part", id: "acme//" + uuid, parts: three, wantErr: "is not of the form workspace/repo_slug/user_id: its repo_slug is empty"},
		{name: "an empty part at the end", id: "acme/api/ ", parts: three, wantErr: "its user_id is empty"},
		{name: "an empty part between colons", id: ":api:" + uuid, parts: three, wantErr: "its workspace is empty"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := parseImportID(test.id, test.parts)
			switch {
			case test.wantErr != "":
				if err == nil || !strings.Contains(err.Error(), test.wantErr) {
					t.Errorf("got %q, error %v, want the error %q", got, err, test.wantErr)
				}
			case err != nil:
				t.Error(err)
			case !slices.Equal(got, test.want):
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
