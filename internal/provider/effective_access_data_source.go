package provider

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/review"
)

// effectiveArguments say whose access to what is asked for.
type effectiveArguments struct {
	Workspace   types.String `tfsdk:"workspace"`
	ProjectKeys []string     `tfsdk:"project_keys"`
	RepoSlugs   []string     `tfsdk:"repo_slugs"`
	UserIDs     []string     `tfsdk:"user_ids"`
	AdminGroups []string     `tfsdk:"admin_groups"`
}

// query is what the arguments ask the directory for.
func (a effectiveArguments) query() access.EffectiveQuery {
	return access.EffectiveQuery{
		Workspace: a.Workspace.ValueString(), ProjectKeys: a.ProjectKeys, RepoSlugs: a.RepoSlugs, UserIDs: a.UserIDs, AdminGroups: a.AdminGroups,
	}
}

// effectiveModel is who may do what, and why, in Terraform.
type effectiveModel struct {
	effectiveArguments
	Access   []effectiveRow `tfsdk:"access"`
	Findings []findingRow   `tfsdk:"findings"`
}

// effectiveRow is what one person may do on one repository.
type effectiveRow struct {
	RepoSlug    types.String `tfsdk:"repo_slug"`
	ProjectKey  types.String `tfsdk:"project_key"`
	UserID      types.String `tfsdk:"user_id"`
	AccountID   types.String `tfsdk:"account_id"`
	DisplayName types.String `tfsdk:"display_name"`
	Permission  types.String `tfsdk:"permission"`
	Paths       []pathRow    `tfsdk:"paths"`
}

// pathRow is one reason for access.
type pathRow struct {
	Scope      types.String `tfsdk:"scope"`
	Permission types.String `tfsdk:"permission"`
	GroupSlug  types.String `tfsdk:"group_slug"`
	GroupName  types.String `tfsdk:"group_name"`
}

// findingRow is something that a reviewer should look at.
type findingRow struct {
	Kind       types.String `tfsdk:"kind"`
	Scope      types.String `tfsdk:"scope"`
	Object     types.String `tfsdk:"object"`
	UserID     types.String `tfsdk:"user_id"`
	GroupSlug  types.String `tfsdk:"group_slug"`
	Name       types.String `tfsdk:"name"`
	Permission types.String `tfsdk:"permission"`
	Reason     types.String `tfsdk:"reason"`
}

// aboutEffective is what the data sources have in common that show effective access.
const aboutEffective = "Every path counts: permissions on the repository and on its project, of the person and of the groups that the person is in, and the " +
	"administration of the workspace. A public repository can be read by everybody else too. Pending invitations are not among it, nor are access tokens and " +
	"deploy keys.\n\nScopes: `read:repository:bitbucket`, `read:project:bitbucket`, `read:workspace:bitbucket`, `admin:workspace:bitbucket` and " +
	"`read:permission:bitbucket`, of an API token of a workspace administrator.\n\nCosts two requests for each repository and for each project, one for each 100 " +
	"repositories, projects and members, and one for the groups; of these, everything in a run shares each. With `repo_slugs`, one for each of them instead of a " +
	"listing. `user_ids` saves none."

func newEffectiveAccessDataSource() datasource.DataSource {
	return &dataSource[effectiveModel]{
		name: "effective_access",
		about: "Who may do what on repositories, and why. " + aboutEffective + "\n\nA row for each person and repository is much to keep in the state of a large " +
			"workspace: filter, or use `bitbucket_access_review`, which tells the same as a page and as tables.",
		attributes: with(map[string]schema.Attribute{
			"access": rows("What people may do, by repository and then by person, in Bitbucket's orders.", map[string]schema.Attribute{
				"repo_slug":    text("The slug of the repository."),
				"project_key":  text("The key of its project."),
				"user_id":      text("The UUID of the person in braces."),
				"account_id":   text("The Atlassian account id of the person."),
				"display_name": text("The name that Bitbucket shows, or the best id of somebody who has none."),
				"permission":   text("The highest of what the paths give: " + oneOf(levels(access.RepositoryScope.Permissions())) + "."),
				"paths": rows("All paths that lead there, the one that gives most first.", map[string]schema.Attribute{
					"scope":      text("Where the permission is held: `repository`, its `project` or the `workspace`, which the person administers."),
					"permission": text("What is held there: " + oneOf(levels(access.ProjectScope.Permissions())) + ". On the repositories of a project `create-repo` gives `write`."),
					"group_slug": text("The slug of the group that holds it; null where the person does."),
					"group_name": text("The name of that group."),
				}),
			}),
			"findings": rows("What a reviewer should look at:\n"+aboutFindings(), map[string]schema.Attribute{
				"kind":       text("One of the above."),
				"scope":      text("The kind of object: `repository`, `project`, `workspace` or `group`."),
				"object":     text("The slug of the repository, workspace or group, or the key of the project."),
				"user_id":    text("The UUID of the person, or the account id of somebody whose UUID is not known; null where it is not about a person."),
				"group_slug": text("The slug of the group that holds the permission; null where it is not about a group's."),
				"name":       text("The name of the person or the group."),
				"permission": text("What is held, such as `write`; `member` in a group."),
				"reason":     text("Why to look at it, in a sentence."),
			}),
		}, argumentsOfEffective()),
		read: func(ctx context.Context, d *access.Directory, m *effectiveModel) error {
			e, err := d.Effective(ctx, m.query())
			if err != nil {
				return err
			}
			m.Access = each(e.Access, newEffectiveRow)
			m.Findings = each(review.Findings(e), newFindingRow)
			return nil
		},
	}
}

// argumentsOfEffective are the attributes of effectiveArguments.
func argumentsOfEffective() map[string]schema.Attribute {
	only := func(about string, rule validator.String) schema.Attribute {
		return schema.SetAttribute{
			MarkdownDescription: about,
			ElementType:         types.StringType,
			Optional:            true,
			Validators:          []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(rule)},
		}
	}
	return map[string]schema.Attribute{
		"workspace":    argument(aboutWorkspace, workspaceRef),
		"project_keys": only("Only the repositories of the projects with these keys. An empty set is none.", projectKey),
		"repo_slugs":   only("Only the repositories with these slugs; with `project_keys`, those that are in one of the projects. An empty set is none.", repoSlug),
		"user_ids": only("Only these people: UUIDs, with or without braces, or Atlassian account ids. It is an error when one is neither in the workspace nor holds "+
			"a permission on what is looked at. An empty set is nobody. What is told is about these people then, and the groups that they are in.", userID),
		"admin_groups": only("The slugs of the groups whose members are meant to be administrators: whoever else is one is found. Default: every group that holds "+
			"`admin` on something that is looked at.", groupSlug),
	}
}

// findingKinds say what each kind of finding is.
var findingKinds = []struct {
	kind  access.FindingKind
	about string
}{
	{access.Redundant, "a permission that changes nothing: of a person whom another path gives as much, or of a group that has as much on the project. All of " +
		"them can be revoked at once without anybody losing access."},
	{access.DirectBesideGroup, "a permission of a person whom a group gives access to the same object."},
	{access.AdminOutsideGroups, "an administrator of the object who is in none of `admin_groups`."},
	{access.NoMember, "a permission of, or a membership in a group of, somebody who is not in the workspace, mostly not any more."},
	{access.UnknownMembers, "a permission of a group that Bitbucket does not list, so that nobody knows whom it leads to: the group is new, or was just deleted."},
	{access.Public, "a repository that everybody may read."},
}

// aboutFindings lists the kinds of findings.
func aboutFindings() string {
	var text strings.Builder
	for _, k := range findingKinds {
		fmt.Fprintf(&text, "  - `%s`: %s\n", k.kind, k.about)
	}
	return text.String()
}

func newEffectiveRow(a access.EffectiveAccess) effectiveRow {
	p := a.Person
	return effectiveRow{
		types.StringValue(a.Repository.Slug), orNull(a.Repository.Project.Key), orNull(p.UUID), orNull(p.AccountID),
		types.StringValue(p.Called()), types.StringValue(string(a.Permission)),
		each(a.Paths, func(p *access.Path) pathRow {
			return pathRow{types.StringValue(string(p.Scope.Kind)), types.StringValue(string(p.Permission)), orNull(p.GroupSlug), orNull(cmp.Or(p.GroupName, p.GroupSlug))}
		}),
	}
}

func newFindingRow(f review.Finding) findingRow {
	row := findingRow{
		Kind: types.StringValue(string(f.Kind)), Scope: types.StringValue(string(f.Scope.Kind)), Object: types.StringValue(f.Scope.Name),
		Name: orNull(f.Name), Permission: types.StringValue(string(f.Permission)), Reason: types.StringValue(f.Reason),
	}
	if f.Scope.Kind == access.WorkspaceScope {
		row.Object = types.StringValue(f.Scope.Workspace)
	}
	switch f.Principal.Kind {
	case access.UserPrincipal:
		row.UserID = types.StringValue(f.Principal.ID)
	case access.GroupPrincipal:
		row.GroupSlug = types.StringValue(f.Principal.ID)
	}
	return row
}
