package bitbucket

import (
	"context"
	"net/http"
	"strings"
)

// Account is a person, or the account that stands for an access token or an OAuth consumer. Only UUID is always there.
type Account struct {
	// UUID is in braces.
	UUID string `json:"uuid"`
	// AccountID is the Atlassian account id; "" for accounts that are no person.
	AccountID   string `json:"account_id"`
	DisplayName string `json:"display_name"`
	// Nickname is chosen by the person and not unique.
	Nickname string `json:"nickname"`
	// Email is "" unless the list was filtered by this very address.
	Email string `json:"email"`
}

// CurrentUser is the account of the credential.
type CurrentUser struct {
	Account
	// Scopes are the scopes of the credential; nil when Bitbucket does not name them.
	Scopes []string
}

// GetCurrentUser reads the account of the credential. Repository and project access tokens are refused with 403.
//
// Bitbucket: GET /2.0/user
func (c *Client) GetCurrentUser(ctx context.Context) (CurrentUser, error) {
	account, header, err := fetch[Account](ctx, c, nil, "user")
	if err != nil {
		return CurrentUser{}, err
	}
	return CurrentUser{Account: account, Scopes: scopes(header)}, nil
}

// GetUser reads the account of anyone, by UUID or account id. 404 means that there is none, or that it is no person's.
//
// Bitbucket: GET /2.0/users/{selected_user}
func (c *Client) GetUser(ctx context.Context, id string) (Account, error) {
	account, _, err := fetch[Account](ctx, c, nil, "users", id)
	return account, err
}

// scopes reads the granted scopes; nil where Bitbucket does not name them.
func scopes(header http.Header) []string {
	if header.Get("X-Oauth-Scopes") == "" {
		return nil
	}
	return strings.FieldsFunc(header.Get("X-Oauth-Scopes"), func(r rune) bool { return r == ',' || r == ' ' })
}
