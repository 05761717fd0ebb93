package atlassian

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
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
	// EmailVerified is false for somebody who was invited and has not signed up yet; nil where the administration does not say.
	EmailVerified *bool `json:"emailVerified"`
	// Status is active, suspended, not_invited, deactivated or for_deletion; "" where the administration does not say.
	Status string `json:"status"`
}

// The statuses of people. Those who are active have access to what they are given.
const (
	StatusActive      = "active"
	StatusSuspended   = "suspended"
	StatusDeactivated = "deactivated"
	StatusForDeletion = "for_deletion"
)

// MaxEmails is how many addresses one search takes.
const MaxEmails = 100

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

// FindUserByEmail returns the person with the given address, false when the organization does not know the person. The address need
// not be in the answer.
//
// Atlassian: POST /v2/orgs/{orgId}/directories/{directoryId}/users/search
func (c *Client) FindUserByEmail(ctx context.Context, email string) (User, bool, error) {
	return first(c.users(ctx, filter{"emails": []string{email}}), func(u User) bool {
		return u.AccountID != "" && (u.Email == "" || strings.EqualFold(u.Email, email))
	})
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
// organization knows is only added to the groups. It returns the account id, which a person without an account gets at once, and the
// groups that the person is in by it. The error wraps ErrRejected when the administration took the request but not all that it asked
// for. 400 means that the address is not
// valid, 402 that the organization has no paid subscription, 409 that there is no seat left.
//
// Atlassian: POST /v2/orgs/{orgId}/users/invite
func (c *Client) Invite(ctx context.Context, email string, groupIDs []string, text string) (Invited, error) {
	body := map[string]any{"emails": []string{email}, "additionalGroups": groupIDs, "sendNotification": true, "notificationText": text}
	answer, _, err := rest.Fetch[struct {
		Data []invited `json:"data"`
	}](ctx, c.rest, rest.Request{Method: http.MethodPost, Path: c.path("users", "invite"), JSON: body})
	if err != nil {
		return Invited{}, err
	}
	done := Invited{GroupIDs: slices.Clone(groupIDs)}
	for _, row := range answer.Data {
		done.AccountID = row.ID
		for _, part := range row.Results {
			for _, r := range append(part.Roles, part.Groups...) {
				if r.Status == "ERROR" {
					err = errors.Join(err, fmt.Errorf("%w: %s%s: %s", ErrRejected, r.Group, r.Resource, r.StatusReason))
					done.GroupIDs = slices.DeleteFunc(done.GroupIDs, func(id string) bool { return id == r.Group })
				}
			}
		}
	}
	if done.AccountID == "" {
		err = fmt.Errorf("POST /%s: %w: it names nobody who was invited", strings.Join(c.path("users", "invite"), "/"), rest.ErrBadAnswer)
		return Invited{}, err
	}
	return done, err
}

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
