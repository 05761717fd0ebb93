package atlassian_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/atlassian"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// invited is the answer to an invitation of one person, with what became of the groups.
func invited(groups string) string {
	return `{"data":[{"email":"ada@acme.example","id":"` + accountID + `","results":[{"roleAssignmentResult":[],"groupAssignmentResult":[` + groups + `]}]}]}`
}

func TestAnInvitationThatWasCarriedOut(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"with its groups":       invited(`{"group":"g1","status":"INVITED","statusReason":null}`),
		"without results":       `{"data":[{"email":"ada@acme.example","id":"` + accountID + `"}]}`,
		"with results of roles": `{"data":[{"id":"` + accountID + `","results":[{"roleAssignmentResult":[{"resource":"r","role":"x","status":"INVITED"}]}]}]}`,
		"with results of null":  `{"data":[{"id":"` + accountID + `","results":[{"roleAssignmentResult":null,"groupAssignmentResult":null}]}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := newClient(t, serve(t, say(200, body)), rest.Options{}).Invite(t.Context(), "ada@acme.example", []string{"g1"}, "")
			want := atlassian.Invited{AccountID: accountID, GroupIDs: []string{"g1"}}
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestAnInvitationOfWhichAPartFailedIsRejected(t *testing.T) {
	t.Parallel()
	const role = `{"roleAssignmentResult":[{"resource":"ari:cloud:jira::site/1","role":"x","status":"ERROR","statusReason":"no seat left"}],"groupAssignmentResult":[]}`
	failed := `{"group":"g2","status":"ERROR","statusReason":"group is synced"}`
	for name, tt := range map[string]struct {
		body         string
		says, silent []string
		done         string // the groups that the person was invited into
	}{
		"one group of two": {invited(`{"group":"g1","status":"INVITED"},` + failed), []string{"g2: group is synced"}, []string{"g1"}, "g1"},
		"both groups":      {invited(`{"group":"g1","status":"ERROR","statusReason":"gone"},` + failed), []string{"g1: gone", "g2: group is synced"}, nil, ""},
		"a role":           {`{"data":[{"id":"` + accountID + `","results":[` + role + `]}]}`, []string{"ari:cloud:jira::site/1: no seat left"}, nil, "g1 g2"},
		"without a reason": {invited(`{"group":"g2","status":"ERROR","statusReason":null}`), []string{"g2"}, nil, "g1"},
		"in the second result": {
			`{"data":[{"id":"` + accountID + `","results":[{},{"groupAssignmentResult":[` + failed + `]}]}]}`, []string{"g2: group is synced"}, nil, "g1",
		},
	} {
		for _, status := range []int{http.StatusPartialContent, http.StatusOK} {
			t.Run(name+" in a "+http.StatusText(status), func(t *testing.T) {
				t.Parallel()
				s := serve(t, say(status, tt.body))
				got, err := newClient(t, s, rest.Options{}).Invite(t.Context(), "ada@acme.example", []string{"g1", "g2"}, "")
				if !errors.Is(err, atlassian.ErrRejected) || got.AccountID != accountID || strings.Join(got.GroupIDs, " ") != tt.done {
					t.Fatalf("Invite() = %q, %v; want %q rejected but for %q", got, err, accountID, tt.done)
				}
				for _, text := range tt.says {
					if !strings.Contains(err.Error(), text) {
						t.Errorf("error %q does not hold %q", err, text)
					}
				}
				for _, text := range tt.silent {
					if strings.Contains(err.Error(), text) {
						t.Errorf("error %q holds %q", err, text)
					}
				}
				if n := len(s.requests()); n != 1 {
					t.Errorf("%d requests, want 1", n)
				}
			})
		}
	}
}

func TestAnInvitationThatIsRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status int
		code   string
	}{
		"an address that is not valid": {400, "ADMIN-UAM-400-1"},
		"no paid subscription":         {402, "ADMIN-UAM-402-1"},
		"a group that does not exist":  {404, "ADMIN-UAM-404-3"},
		"no seat left":                 {409, "ADMIN-UAM-409-3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, say(tt.status, `{"errors":[{"id":"1","code":"`+tt.code+`","title":"Refused","detail":null}]}`))
			got, err := newClient(t, s, rest.Options{}).Invite(t.Context(), "ada@acme.example", []string{"g1"}, "")
			if got.AccountID != "" || got.GroupIDs != nil || !rest.Is(err, tt.status) || !rest.HasCode(err, tt.code) || errors.Is(err, atlassian.ErrRejected) {
				t.Errorf("Invite() = %q, %v; want the %d", got, err, tt.status)
			}
			if n := len(s.requests()); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}

func TestAnInvitationWithoutAUsableAnswerIsABadAnswer(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"nothing": say(200, ""), "an HTML page": say(200, "<html></html>", "Content-Type", "text/html"), "data of another type": say(206, `{"data":{}}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newClient(t, serve(t, answer), rest.Options{}).Invite(t.Context(), "ada@acme.example", []string{"g1"}, "")
			if !errors.Is(err, rest.ErrBadAnswer) || errors.Is(err, atlassian.ErrRejected) {
				t.Errorf("error is %v, want a bad answer", err)
			}
		})
	}
}
