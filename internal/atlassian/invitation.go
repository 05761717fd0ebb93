package atlassian

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// Invited is what became of an invitation.
type Invited struct {
	AccountID string
	// GroupIDs are the groups that the person was invited into.
	GroupIDs []string
}

// ErrRejected is wrapped by the error of an invitation of which some part was not carried out.
var ErrRejected = errors.New("the organization did not carry the invitation out")

// invited is what became of one address.
type invited struct {
	ID      string `json:"id"`
	Results []struct {
		Roles  []result `json:"roleAssignmentResult"`
		Groups []result `json:"groupAssignmentResult"`
	} `json:"results"`
}

// result is what became of one part of an invitation.
type result struct {
	Group        string `json:"group"`
	Resource     string `json:"resource"`
	Status       string `json:"status"`
	StatusReason string `json:"statusReason"`
}

// Invite invites a person to the organization and into groups, by their ids; a mail with the given text is sent. Somebody whom the
// organization knows is only added to the groups. It returns the account id, which a person without an account gets at once, and the
// groups that the person is in by it. The error wraps ErrRejected when the administration took the request but not all that it asked
// for. 400 means that the address is not valid, 402 that the organization has no paid subscription, 409 that there is no seat left.
//
// Atlassian: POST /v2/orgs/{orgId}/users/invite
func (c *Client) Invite(ctx context.Context, email string, groupIDs []string, text string) (Invited, error) {
	r := rest.Request{Method: http.MethodPost, Path: c.path("users", "invite"), JSON: map[string]any{
		"emails": []string{email}, "additionalGroups": groupIDs, "sendNotification": true, "notificationText": text,
	}}
	answer, _, err := rest.Fetch[struct {
		Data []invited `json:"data"`
	}](ctx, c.rest, r)
	if err != nil {
		return Invited{}, err
	}
	done := Invited{GroupIDs: slices.Clone(groupIDs)}
	for _, row := range answer.Data {
		done.AccountID = row.ID
		for _, rejected := range row.rejected() {
			err = errors.Join(err, fmt.Errorf("%w: %s%s: %s", ErrRejected, rejected.Group, rejected.Resource, rejected.StatusReason))
			done.GroupIDs = slices.DeleteFunc(done.GroupIDs, func(id string) bool { return id == rejected.Group })
		}
	}
	if done.AccountID == "" {
		return Invited{}, fmt.Errorf("%s: %w: it names nobody who was invited", c.rest.Describe(r), rest.ErrBadAnswer)
	}
	return done, err
}

// rejected are the parts of the invitation that were not carried out.
func (i invited) rejected() []result {
	var parts []result
	for _, part := range i.Results {
		parts = slices.Concat(parts, part.Roles, part.Groups)
	}
	return slices.DeleteFunc(parts, func(r result) bool { return r.Status != "ERROR" })
}
