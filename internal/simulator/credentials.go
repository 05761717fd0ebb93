package simulator

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// AccessToken describes a workspace, project or repository access token: the most specific of the three that is set says which.
type AccessToken struct {
	Workspace  string // slug
	Project    string // key; set for a project access token
	Repository string // slug; set for a repository access token
	// Scopes are classic scopes such as project:admin; none means all that Bitbucket offers.
	Scopes []string
	// ReadsPermissions lets the token read permissions-config. The documentation says that access tokens cannot "manipulate or
	// query" permissions; some products claim that they can.
	ReadsPermissions bool
}

// Kinds of credential, as the journal and X-Credential-Type name them.
const (
	kindAPIToken        = "api-token"
	kindWorkspaceToken  = "workspace-access-token"
	kindProjectToken    = "project-access-token"
	kindRepositoryToken = "repository-access-token"
	kindConsumer        = "oauth-consumer"
	kindOAuth           = "oauth2"
	kindOrganizationKey = "organization-key"
)

// apiTokenScopes are the scopes of this corner of Bitbucket that an API token may have. They do not imply each other.
var apiTokenScopes = []string{
	"read:user:bitbucket", "read:workspace:bitbucket", "admin:workspace:bitbucket",
	"read:project:bitbucket", "admin:project:bitbucket",
	"read:repository:bitbucket", "write:repository:bitbucket", "admin:repository:bitbucket", "delete:repository:bitbucket",
	"read:permission:bitbucket", "write:permission:bitbucket", "delete:permission:bitbucket",
}

// classicScopes are the scopes of OAuth consumers and access tokens.
var classicScopes = []string{
	"account", "account:write", "email", "project", "project:admin",
	"repository", "repository:write", "repository:admin", "repository:delete",
}

// impliedScopes says which classic scopes come with another one (Bitbucket documentation: authentication methods).
// The admin scopes imply nothing.
var impliedScopes = map[string][]string{
	"account":          {"email"},
	"account:write":    {"account", "email"},
	"project":          {"repository"},
	"repository:write": {"repository"},
}

// credential is one secret and what it may do.
type credential struct {
	kind   string
	secret string
	// user is the owner of an API token; nil for all others, which act for a workspace or a part of it.
	user *User
	// workspace, project and repository say where an access token or an OAuth token is at home.
	workspace, project, repository string
	consumer                       string // key of an OAuth consumer
	organization                   string // id; set for the key of an organization, which without scopes may do everything

	scopes           []string
	readsPermissions bool
	revoked          bool
	expires          time.Time   // zero: never
	recent           []time.Time // requests of the last hour
}

// credentials finds credentials by secret and consumers by key.
type credentials struct {
	secrets   table[*credential]
	consumers map[string]*credential
}

func newCredentials() credentials { return credentials{consumers: map[string]*credential{}} }

// label names a credential without its secret.
func (c *credential) label() string {
	switch c.kind {
	case kindAPIToken:
		return c.kind + " " + c.user.Email
	case kindProjectToken:
		return c.kind + " " + c.workspace + "/" + c.project
	case kindRepositoryToken:
		return c.kind + " " + c.workspace + "/" + c.repository
	case kindOrganizationKey:
		return c.kind + " " + c.organization
	}
	return c.kind + " " + c.workspace
}

// has tells whether the credential carries a scope, itself or implied by another.
func (c *credential) has(scope string) bool {
	return slices.ContainsFunc(c.scopes, func(held string) bool {
		return held == scope || slices.Contains(impliedScopes[held], scope)
	})
}

// add registers a credential; its secret is made from what it is when blank.
func (c *credentials) add(added credential) *credential {
	if added.secret == "" {
		prefix := "ATCTT3x"
		if added.kind == kindAPIToken {
			prefix = "ATATT3x"
		}
		number := strconv.Itoa(len(c.secrets.keys))
		added.secret = prefix + strings.ReplaceAll(uuidOf(added.kind, added.label(), number), "-", "")
	}
	c.secrets.set(added.secret, &added)
	return &added
}

// AddAPIToken gives a person an API token and returns the pair that signs in with it: the e-mail address and the token.
// No scopes means all that Bitbucket offers.
func (s *Simulator) AddAPIToken(userUUID string, scopes ...string) (username, token string) {
	s.inspect(func(w *world) error {
		user := w.users.get(userUUID)
		if user == nil {
			return fmt.Errorf("no user %q", userUUID)
		}
		added := s.credentials.add(credential{kind: kindAPIToken, user: user, scopes: orAll(scopes, apiTokenScopes)})
		username, token = user.Email, added.secret
		return nil
	})
	return username, token
}

// AddAccessToken makes an access token, to be sent as Bearer.
func (s *Simulator) AddAccessToken(t AccessToken) string {
	var token string
	s.inspect(func(w *world) error {
		ws, err := w.findWorkspace(t.Workspace)
		if err != nil {
			return err
		}
		added := credential{
			kind: kindWorkspaceToken, workspace: ws.Slug, project: t.Project, repository: t.Repository,
			scopes: orAll(t.Scopes, classicScopes), readsPermissions: t.ReadsPermissions,
		}
		switch {
		case t.Repository != "":
			added.kind = kindRepositoryToken
			_, err = ws.findRepository(t.Repository)
		case t.Project != "":
			added.kind = kindProjectToken
			_, err = ws.findProject(t.Project)
		}
		token = s.credentials.add(added).secret
		return err
	})
	return token
}

// AddOAuthConsumer makes a private OAuth consumer of a workspace; its tokens come from POST /site/oauth2/access_token.
func (s *Simulator) AddOAuthConsumer(workspace string, scopes ...string) (key, secret string) {
	s.inspect(func(w *world) error {
		ws, err := w.findWorkspace(workspace)
		if err != nil {
			return err
		}
		key = strings.ReplaceAll(uuidOf("consumer", ws.Slug, strconv.Itoa(len(s.credentials.consumers))), "-", "")[:18]
		added := s.credentials.add(credential{
			kind: kindConsumer, workspace: ws.Slug, consumer: key, scopes: orAll(scopes, classicScopes),
		})
		s.credentials.consumers[key] = added
		secret = added.secret
		return nil
	})
	return key, secret
}

// RevokeCredential makes a token of any kind, or an OAuth consumer with all its tokens, worthless: from now on 401.
func (s *Simulator) RevokeCredential(secret string) {
	s.withSecret(secret, func(revoked *credential) {
		revoked.revoked = true
		for _, c := range s.credentials.secrets.all() {
			if revoked.consumer != "" && c.consumer == revoked.consumer {
				c.revoked = true
			}
		}
	})
}

// SetScopes replaces the scopes of a token or an OAuth consumer; tokens that a consumer has handed out keep theirs.
func (s *Simulator) SetScopes(token string, scopes ...string) {
	s.withSecret(token, func(c *credential) { c.scopes = slices.Clone(scopes) })
}

func (s *Simulator) withSecret(secret string, change func(*credential)) {
	s.inspect(func(*world) error {
		c := s.credentials.secrets.get(secret)
		if c == nil {
			return errors.New("no credential with this secret")
		}
		change(c)
		return nil
	})
}

// orAll returns a copy of the scopes, or of all when there are none.
func orAll(scopes, all []string) []string {
	if len(scopes) == 0 {
		return slices.Clone(all)
	}
	return slices.Clone(scopes)
}
