package simulator

import (
	"errors"
	"fmt"
	"slices"
)

// build adds a credential of a seed.
func (c SeedCredential) build(w *world, held *credentials) error {
	added := credential{
		kind: c.Kind, secret: c.Secret, workspace: c.Workspace, project: c.Project, repository: c.Repository, consumer: c.Key,
		scopes: orAll(c.Scopes, classicScopes), readsPermissions: c.ReadsPermissions, revoked: c.Revoked,
	}
	switch {
	case c.Secret == "":
		return entryError{"secret", errors.New("is blank")}
	case held.secrets.has(c.Secret):
		return entryError{"secret", errors.New("is taken")}
	case c.Kind == kindOrganizationKey:
		if err := c.homeOfKey(w); err != nil {
			return err
		}
		added.organization, added.scopes = c.Organization, slices.Clone(c.Scopes)
	case c.Kind == kindAPIToken:
		user, err := w.person(c.User)
		if err != nil {
			return entryError{"user", err}
		}
		added.user, added.scopes = w.users.get(user), orAll(c.Scopes, apiTokenScopes)
	default:
		if err := c.home(w); err != nil {
			return err
		}
	}
	registered := held.add(added)
	if c.Kind == kindConsumer {
		held.consumers[c.Key] = registered
	}
	return nil
}

// home checks that the workspace, project or repository of a credential exists and suits its kind.
func (c SeedCredential) home(w *world) error {
	ws, err := w.findWorkspace(c.Workspace)
	if err != nil {
		return entryError{"workspace", err}
	}
	switch c.Kind {
	case kindWorkspaceToken:
		return nil
	case kindProjectToken:
		if _, err := ws.findProject(c.Project); err != nil {
			return entryError{"project", err}
		}
		return nil
	case kindRepositoryToken:
		if _, err := ws.findRepository(c.Repository); err != nil {
			return entryError{"repository", err}
		}
		return nil
	case kindConsumer:
		if c.Key == "" {
			return entryError{"key", errors.New("is blank")}
		}
		return nil
	}
	return entryError{"kind", fmt.Errorf("unknown kind %q", c.Kind)}
}

// seed is the credential as an entry of a seed.
func (c *credential) seed() SeedCredential {
	shown := SeedCredential{
		Kind: c.kind, Secret: c.secret, Workspace: c.workspace, Project: c.project, Repository: c.repository, Key: c.consumer,
		Organization: c.organization, Scopes: slices.Clone(c.scopes), ReadsPermissions: c.readsPermissions, Revoked: c.revoked,
	}
	if c.user != nil {
		shown.User = c.user.UUID
	}
	return shown
}
