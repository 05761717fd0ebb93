package rest_test

import (
	"encoding/base64"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

func TestTheCredentialGoesIntoTheAuthorizationHeader(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		credential rest.Credential
		want       []string
	}{
		"no credential":        {nil, nil},
		"a user with a token":  {rest.Basic{Username: "ada@acme.example", Token: "ATATT:x"}, []string{basic("ada@acme.example", "ATATT:x")}},
		"letters beyond ASCII": {rest.Basic{Username: "zoë@acme.example", Token: "ü"}, []string{basic("zoë@acme.example", "ü")}},
		"an access token":      {rest.Bearer{Token: "ATCTT3x"}, []string{"Bearer ATCTT3x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, say(500, ""), limited, fine)
			c := newClient(t, s.URL, rest.Options{Credential: tt.credential, MaxRateLimitWait: time.Minute})
			if _, err := c.Send(t.Context(), get("user")); err != nil {
				t.Fatal(err)
			}
			for _, r := range s.requests() {
				if diff := cmp.Diff(tt.want, r.Header["Authorization"]); diff != "" {
					t.Errorf("Authorization (-want +got):\n%s", diff)
				}
			}
		})
	}
}
