package bitbucket_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// client is what is tested.
type client = bitbucket.Client

const (
	uuid        = "{470c176d-3574-44ea-bb41-89e8638bcca4}"
	escapedUUID = "%7B470c176d-3574-44ea-bb41-89e8638bcca4%7D"
	accountID   = "557058:ba8948b2-49da-43a9-9e8b-e7249b8e324a"

	userRow   = `{"values":[{"permission":"write","user":{"uuid":"` + uuid + `","account_id":"` + accountID + `","display_name":"Ada","nickname":"ada"}}]}`
	userJSON  = `{"permission":"write","user":{"type":"user","uuid":"` + uuid + `","account_id":"` + accountID + `","display_name":"Ada","nickname":"ada"},"links":{}}`
	groupJSON = `{"name":"Dev Team","slug":"dev-team","permission":null,"auto_add":true,"email_forwarding_disabled":false,` +
		`"members":[{"uuid":"` + uuid + `","display_name":"Ada","is_team":false}],"owner":{"uuid":"{o}"}}`

	peopleFields = "values.user.uuid,values.user.account_id,values.user.display_name"
)

var ada = bitbucket.Account{UUID: uuid, AccountID: accountID, DisplayName: "Ada", Nickname: "ada"}

// paged is the query of a list.
func paged(fields string, more ...string) url.Values {
	query := url.Values{"pagelen": {"100"}}
	if fields != "" {
		query.Set("fields", "next,"+fields)
	}
	for i := 0; i < len(more); i += 2 {
		query.Set(more[i], more[i+1])
	}
	return query
}

// call is one method with the request it makes and the answer it reads.
type call struct {
	do     func(context.Context, *client) (any, error)
	sent   request
	answer string
	want   any
}

func devTeam() bitbucket.Group {
	return bitbucket.Group{
		Slug: "dev-team", Name: "Dev Team", AutoAdd: new(true), EmailForwardingDisabled: new(false),
		Members: []bitbucket.Account{{UUID: uuid, DisplayName: "Ada"}},
	}
}

// send makes each call to a server of its own: once to compare request and answer, once to be refused.
func send(t *testing.T, calls map[string]call, method string) {
	t.Helper()
	for name, tt := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, journal := scripted(t, http.StatusOK, tt.answer, "X-Credential-Type", "apitoken", "X-Oauth-Scopes", "a:b, c")
			got, err := tt.do(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			tt.sent.Method = method
			if tt.sent.Query == nil {
				tt.sent.Query = url.Values{}
			}
			if diff := cmp.Diff([]request{tt.sent}, journal()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
		t.Run(name+", refused", func(t *testing.T) {
			t.Parallel()
			c, _ := scripted(t, http.StatusForbidden, `{"error":{"message":"No"}}`)
			if _, err := tt.do(t.Context(), c); !rest.Is(err, http.StatusForbidden) || !strings.Contains(err.Error(), "No") {
				t.Errorf("error is %v, want the 403", err)
			}
		})
	}
}
