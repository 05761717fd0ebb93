package atlassian

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// User is a person whom the organization knows.
type User struct {
	AccountID string `json:"accountId"`
	Name      string `json:"name"`
	Nickname  string `json:"nickname"`
	// Email is "" where the administration does not show it.
	Email string `json:"email"`
	// Status is active, suspended, not_invited, deactivated or for_deletion; "" where the administration does not say.
	Status string `json:"status"`
}

// StatusActive is the status of people who have access to what they are given.
const StatusActive = "active"

// How many values one search takes.
const (
	MaxEmails  = 100
	MaxInvited = 25
)

// ListMembers yields the members of a group, suspended ones included: they keep their groups.
//
// Atlassian: POST /v2/orgs/{orgId}/directories/{directoryId}/users/search
func (c *Client) ListMembers(ctx context.Context, groupID string) pages[User] {
	return c.users(ctx, filter{"groupIds": []string{groupID}})
}

// ListUsersByEmail yields the people of the organization that have one of the given addresses, at most MaxEmails.
//
// Atlassian: POST /v2/orgs/{orgId}/directories/{directoryId}/users/search
func (c *Client) ListUsersByEmail(ctx context.Context, emails []string) pages[User] {
	return c.users(ctx, filter{"emails": emails})
}

// FindUser returns the person with the given account id, false when the organization does not know the person.
//
// Atlassian: POST /v2/orgs/{orgId}/directories/{directoryId}/users/search
func (c *Client) FindUser(ctx context.Context, accountID string) (User, bool, error) {
	return first(c.users(ctx, filter{"accountIds": []string{accountID}}), func(u User) bool { return u.AccountID == accountID })
}

// FindMember returns a member of a group, false when the person is not in the group.
//
// Atlassian: POST /v2/orgs/{orgId}/directories/{directoryId}/users/search
func (c *Client) FindMember(ctx context.Context, groupID, accountID string) (User, bool, error) {
	where := filter{"groupIds": []string{groupID}, "accountIds": []string{accountID}}
	return first(c.users(ctx, where), func(u User) bool { return u.AccountID == accountID })
}

func (c *Client) users(ctx context.Context, where filter) pages[User] {
	return search[User](ctx, c, where, c.directory(AllDirectories, "users", "search"))
}

// first returns the first row that matches.
func first[T any](rows pages[T], match func(T) bool) (T, bool, error) {
	for row, err := range rows {
		if err != nil || match(row) {
			return row, err == nil, err
		}
	}
	var none T
	return none, false, nil
}

// Invite invites a person to the organization and into groups, by their ids; a mail with the given text is sent. Somebody whom the
// organization knows is only added to the groups. It returns the account id, which a person without an account gets at once. The
// error wraps ErrRejected when the administration took the request but not all that it asked for. 400 means that the address is not
// valid, 402 that the organization has no paid subscription, 409 that there is no seat left.
//
// Atlassian: POST /v2/orgs/{orgId}/users/invite
func (c *Client) Invite(ctx context.Context, email string, groupIDs []string, text string) (accountID string, err error) {
	body := map[string]any{"emails": []string{email}, "additionalGroups": groupIDs, "sendNotification": true, "notificationText": text}
	answer, _, err := rest.Fetch[struct {
		Data []invited `json:"data"`
	}](ctx, c.rest, rest.Request{Method: http.MethodPost, Path: c.path("users", "invite"), JSON: body})
	if err != nil {
		return "", err
	}
	for _, row := range answer.Data {
		accountID = row.ID
		err = errors.Join(err, row.rejection())
	}
	if err == nil && accountID == "" {
		err = fmt.Errorf("POST /%s: %w: it names nobody who was invited", strings.Join(c.path("users", "invite"), "/"), rest.ErrBadAnswer)
	}
	return accountID, err
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

// rejection is an error for each part that was not carried out; nil when there is none.
func (i invited) rejection() error {
	var err error
	for _, part := range i.Results {
		for _, r := range append(part.Roles, part.Groups...) {
			if r.Status == "ERROR" {
				err = errors.Join(err, fmt.Errorf("%w: %s%s: %s", ErrRejected, r.Group, r.Resource, r.StatusReason))
			}
		}
	}
	return err
}
