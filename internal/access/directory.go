package access

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/atlassian"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// CredentialKind is how the provider presents itself to Bitbucket, in the words a person would use.
type CredentialKind string

// The kinds of credentials.
const (
	APIToken      CredentialKind = "API token"
	AccessToken   CredentialKind = "access token"
	OAuthConsumer CredentialKind = "OAuth consumer"
)

// MayWritePermissions tells whether Bitbucket accepts permission writes with this kind of credential at all: only with a user's
// API token, "due to security concerns" (Bitbucket's OpenAPI file, permissions-config PUT and DELETE).
func (k CredentialKind) MayWritePermissions() bool { return k == APIToken }

// MayWriteGroups tells whether the group endpoints of API 1.0 can be written with this kind of credential. Access tokens are for
// API 2.0 only.
func (k CredentialKind) MayWriteGroups() bool { return k != AccessToken }

// Options configure a Directory.
type Options struct {
	// Credential is the kind of credential that the client uses.
	Credential CredentialKind
	// Organization is the client of the organization that administers workspaces; nil when there is none.
	Organization *atlassian.Client
	// OrganizationDirectory is the id of the directory that new groups are made in; "" leaves it to what is there.
	OrganizationDirectory string
	// Clock is what waiting for changes to show is measured with; nil means the clock of the machine.
	Clock rest.Clock
	// Workspaces are the slugs or UUIDs of the workspaces that may be named; empty means every workspace that the credential sees.
	Workspaces []string
}

// Directory is what one run knows of Bitbucket. Each listing is read once and shared by all who ask; a write goes to Bitbucket
// and then into the listing, as Bitbucket answered it. It is safe for concurrent use. A grant takes up to half a kilobyte of memory, and a
// listing that is being read one page of 100 rows more.
//
// Where a method takes a workspace, it takes a slug or a UUID in braces. Its error wraps ErrOutsideFilter when Options.Workspaces
// leaves the workspace out, ErrNotFound when the object does not exist, ErrHidden when it may be hidden instead, ErrNoMember when
// the credential sees nothing of the workspace, and *rest.Error when Bitbucket refused.
type Directory struct {
	client *bitbucket.Client
	// Credential is the kind of credential in use.
	Credential CredentialKind
	filter     []string
	clock      rest.Clock

	organization *organizationGroups      // nil without access to an organization
	managed      *memo[string, *bool]     // whether an organization administers a workspace, by its groups
	elsewhere    ledger[string, struct{}] // workspaces whose groups Bitbucket has refused to change

	currentUser  *memo[struct{}, bitbucket.CurrentUser]
	workspace    *memo[string, bitbucket.Workspace]
	project      *memo[Scope, bitbucket.Project]
	repository   *memo[Scope, bitbucket.Repository]
	workspaces   *listings[struct{}, string, bitbucket.WorkspaceAccess]
	projects     *listings[string, string, bitbucket.Project]
	repositories *listings[repositoryQuery, string, bitbucket.Repository]
	people       *listings[string, string, Person]
	groups       *listings[string, string, Group]
	grants       *listings[grantsOf, string, Grant]
	invited      *listings[string, string, bitbucket.Invitation]

	granted ledger[grantsOf, Grant]   // grants that this run has made
	added   ledger[membersOf, Person] // memberships that this run has made
	taken   ledger[Scope, Grant]      // entries of lists that this run has taken away
	lost    ledger[string, UserID]    // people whose grant or membership was found gone, by workspace

	own    *memo[string, bitbucket.Membership] // the credential's own membership of a workspace
	lists  ledger[Scope, Claim]                // plans of resources that own a whole list
	parts  ledger[Scope, Claim]                // plans of resources that own one entry
	losing ledger[Scope, adminChange]          // what plans take away that lets people administer
}

// NewDirectory returns a directory that knows nothing yet.
func NewDirectory(client *bitbucket.Client, o Options) *Directory {
	d := &Directory{client: client, Credential: o.Credential, filter: o.Workspaces, clock: o.Clock}
	if d.clock == nil {
		d.clock = rest.MachineClock{}
	}
	d.currentUser = newMemo(func(ctx context.Context, _ struct{}) (bitbucket.CurrentUser, error) {
		return client.GetCurrentUser(ctx)
	})
	d.own = newMemo(client.GetOwnMembership)
	d.workspace = newMemo(client.GetWorkspace)
	d.project = newMemo(d.getProject)
	d.repository = newMemo(d.getRepository)
	d.workspaces = newListings(
		func(w bitbucket.WorkspaceAccess) string { return w.Workspace.UUID },
		func(ctx context.Context, _ struct{}) iter.Seq2[bitbucket.WorkspaceAccess, error] {
			return client.ListWorkspaces(ctx)
		})
	d.projects = newListings(
		func(p bitbucket.Project) string { return p.UUID }, d.listProjects)
	d.repositories = newListings(
		func(r bitbucket.Repository) string { return r.UUID }, d.listRepositories)
	d.people = newListings(
		func(p Person) string { return p.UUID }, d.listPeople)
	d.groups = newListings(
		func(g Group) string { return g.Slug }, d.listGroups)
	d.grants = newListings(
		func(g Grant) string { return g.Principal.ID }, d.listGrants)
	d.invited = newListings(
		func(i bitbucket.Invitation) string { return strings.ToLower(i.Email) }, d.listInvitations)
	d.managed = newMemo(d.slugsTell)
	if o.Organization != nil {
		d.organization = newOrganizationGroups(d, o.Organization, o.OrganizationDirectory)
	}
	return d
}

// CurrentUser returns the account of the credential.
func (d *Directory) CurrentUser(ctx context.Context) (bitbucket.CurrentUser, error) {
	u, err := d.currentUser.get(ctx, struct{}{})
	return u, failed(err, "read the account of the credential")
}

// Slug returns the slug of a workspace, which it asks Bitbucket for only where the workspace, or an entry of the filter, is given
// as a UUID.
func (d *Directory) Slug(ctx context.Context, workspace string) (string, error) {
	if !isUUID(workspace) && !slices.ContainsFunc(d.filter, isUUID) {
		return workspace, d.admit(workspace, "")
	}
	if uuid, ok := ParseUUID(workspace); ok {
		workspace = uuid // paths take it in braces only
	}
	w, err := d.workspace.get(ctx, workspace)
	if err != nil {
		return "", failed(noMember(err, workspace), "read workspace %s", workspace)
	}
	return w.Slug, d.admit(w.Slug, w.UUID)
}

// admit applies the filter to a workspace; uuid may be "" when no entry of the filter is a UUID.
func (d *Directory) admit(slug, uuid string) error {
	if len(d.filter) == 0 || slices.ContainsFunc(d.filter, func(entry string) bool {
		normal, ok := ParseUUID(entry)
		return entry == slug || ok && normal == uuid
	}) {
		return nil
	}
	return fmt.Errorf("workspace %s is %w (%s)", slug, ErrOutsideFilter, strings.Join(d.filter, ", "))
}

func isUUID(text string) bool {
	_, ok := ParseUUID(text)
	return ok
}

// SameWorkspace tells whether two slugs or UUIDs are those of one workspace, asking Bitbucket only when they are of different
// form.
func (d *Directory) SameWorkspace(ctx context.Context, a, b string) (bool, error) {
	if isUUID(a) == isUUID(b) {
		uuidA, _ := ParseUUID(a)
		uuidB, _ := ParseUUID(b)
		return uuidA == uuidB && isUUID(a) || a == b, nil
	}
	slugA, errA := d.Slug(ctx, a)
	slugB, errB := d.Slug(ctx, b)
	return slugA == slugB, errors.Join(errA, errB)
}
