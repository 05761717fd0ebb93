package atlassian

import (
	"context"
	"strings"
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
	return search[User](ctx, c, where, c.directory(allDirectories, "users", "search"))
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
