package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// grantKind is one kind of grant. All four are alike, so their resources and data sources derive from the table grantKinds; a
// new kind is a new row, its examples, and what access needs to know of it.
type grantKind struct {
	scope     scopePart
	principal principalPart
	// more says how else a principal can have access to the object.
	more string
}

// scopePart is how a kind of scope shows in Terraform.
type scopePart struct {
	part
	kind access.ScopeKind
	// plural and extent say what a list goes through, and inProjects whether it can do so project by project.
	plural, extent string
	inProjects     bool
	scopes         tokenScopes
	// api names the object in the path of Bitbucket's documentation.
	api string
}

// principalPart is how a kind of principal shows in Terraform.
type principalPart struct {
	part
	kind access.PrincipalKind
	name nameRule
}

var (
	onRepository = scopePart{
		part: part{"repo_slug", aboutRepoSlug, repoSlug}, kind: access.RepositoryScope,
		plural: "repositories", extent: "one repository, on the repositories of one project, or on all repositories of a workspace", inProjects: true,
		scopes: tokenScopes{
			read: []string{"read:repository"}, write: []string{"admin:repository", "write:permission"}, revoke: []string{"admin:repository", "delete:permission"},
		},
		api: "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/",
	}
	onProject = scopePart{
		part: part{"project_key", aboutProjectKey, projectKey}, kind: access.ProjectScope,
		plural: "projects", extent: "one project, or on all projects of a workspace",
		scopes: tokenScopes{
			read: []string{"read:project"}, write: []string{"admin:project", "write:permission"}, revoke: []string{"admin:project", "delete:permission"},
		},
		api: "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-projects/",
	}
	toUser  = principalPart{part{"user_id", aboutUserID, userID}, access.UserPrincipal, userName}
	toGroup = principalPart{part{"group_slug", aboutGroupSlug, groupSlug}, access.GroupPrincipal, onlyName("group_slug")}
)

// grantKinds is the table that resources derive from.
var grantKinds = []grantKind{
	{onRepository, toUser, "through groups, through the project of the repository, or as a workspace administrator"},
	{onRepository, toGroup, "through the project of the repository"},
	{onProject, toUser, "through groups, on single repositories, or as a workspace administrator"},
	{onProject, toGroup, "on single repositories"},
}

// name is the type name without the provider's prefix.
func (k grantKind) name() string {
	return fmt.Sprintf("%s_%s_permission", k.scope.kind, k.principal.kind)
}

// thing is what a grant of this kind is called in messages.
func (k grantKind) thing() string { return fmt.Sprintf("%s permission", k.scope.kind) }

// parts are those of an import id, and of the identity.
func (k grantKind) parts() []part { return []part{inWorkspace, k.scope.part, k.principal.part} }

// grantModel is a grant in Terraform, whatever the names of its attributes.
type grantModel struct {
	Workspace, Object, Principal, Permission types.String
	AllowSelfLockout                         types.Bool
}

func (m grantModel) scope(k grantKind) access.Scope {
	return access.Scope{Kind: k.scope.kind, Workspace: m.Workspace.ValueString(), Name: m.Object.ValueString()}
}

func (m grantModel) principal(k grantKind) access.Principal {
	return access.Principal{Kind: k.principal.kind, ID: m.Principal.ValueString()}
}

// entry reads the grant as an entry of the list of the object.
func (k grantKind) entry(ctx context.Context, from attributeGetter) (entry, diag.Diagnostics) {
	m, diags := k.read(ctx, from)
	known := !m.Workspace.IsUnknown() && !m.Object.IsUnknown() && !m.Principal.IsUnknown() && !m.Permission.IsUnknown()
	grant := access.Grant{Scope: m.scope(k), Principal: m.principal(k), Permission: access.Permission(m.Permission.ValueString())}
	return entry{grant.Settled(), m.AllowSelfLockout, known}, diags
}

// fields are the texts of the kind and where the model holds them.
func (k grantKind) fields(m *grantModel) map[string]*types.String {
	return map[string]*types.String{
		"workspace":           &m.Workspace,
		k.scope.attribute:     &m.Object,
		k.principal.attribute: &m.Principal,
		"permission":          &m.Permission,
	}
}

// read reads the model from a plan or a state.
func (k grantKind) read(ctx context.Context, from attributeGetter) (grantModel, diag.Diagnostics) {
	var (
		m     grantModel
		diags diag.Diagnostics
	)
	for attribute, field := range k.fields(&m) {
		diags.Append(from.GetAttribute(ctx, path.Root(attribute), field)...)
	}
	diags.Append(from.GetAttribute(ctx, path.Root("allow_self_lockout"), &m.AllowSelfLockout)...)
	return m, diags
}

// write writes the model to a state.
func (k grantKind) write(ctx context.Context, to *tfsdk.State, m grantModel) diag.Diagnostics {
	values := map[string]attr.Value{"allow_self_lockout": m.AllowSelfLockout}
	for attribute, field := range k.fields(&m) {
		values[attribute] = *field
	}
	return setAll(ctx, to, values)
}
