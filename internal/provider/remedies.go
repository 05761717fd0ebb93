package provider

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// remedies are what to do about the errors that the directory tells apart.
var remedies = []struct {
	err    error
	advice string
}{
	{access.ErrOutsideFilter, "Add the workspace to the provider's workspaces attribute, or to BITBUCKET_WORKSPACES, if it is meant."},
	{access.ErrNoMember, "Where the answer does not say why, check the spelling of the workspace, and that the user of the credential is a member of it."},
	{access.ErrHidden, "It does not exist, or it is hidden from this credential, to which Bitbucket gives the same answer. Check the spelling, or use the API token of " +
		"a workspace administrator, from whom nothing is hidden. If it was deleted, remove what was in it from the state with \"terraform state rm\"."},
	{access.ErrUnseen, "Bitbucket finds people by e-mail address for administrators of the workspace, and may answer others that there is nobody. Use " +
		"the API token of a workspace administrator. Taken for the truth, it would remove everybody from their groups, and invite them again."},
	{access.ErrNoOrganization, "Its groups are those of an Atlassian organization; Bitbucket's own API can read them but not change them. An administrator of the " +
		"organization makes the key, without scopes, at admin.atlassian.com under Settings, API keys, where the id is shown too. They may also come from the " +
		"environment, as " + envOrganizationID + " and " + envAdminAPIKey + ". The guide \"Organization-managed workspaces\" has more."},
	{access.ErrOtherOrganization, "Check organization.id in the provider block: it must be the organization under which the workspace is administered at " +
		"admin.atlassian.com. A key can only see its own organization: for workspaces of several organizations, use a provider alias for each."},
	{access.ErrNoDirectory, "Set directory_id in the organization block of the provider."},
	{access.ErrOwned, "Change the group where it comes from, such as the identity provider that is synchronized with the organization. The data source " +
		"bitbucket_group can read it, and permissions can be given to it. To stop managing it here, remove it from the configuration with a removed block, or from " +
		"the state with \"terraform state rm\"."},
	{access.ErrKept, "It is a default group of an app. To stop managing it here, remove it from the state with \"terraform state rm\"."},
	{access.ErrShared, "Deleting it would take access to the others away too. Take its access to them away at admin.atlassian.com first; or, to keep it, stop managing " +
		"it here with a removed block, or with \"terraform state rm\"."},
	{access.ErrTaken, "It is not taken over, because everybody in it would get into the workspace. Choose another name, or delete the group at admin.atlassian.com; or " +
		"give it access to the workspace there, under Products, and import it."},
	{access.ErrNoSetting, "Make the change by hand, and then write it into the configuration: a group is renamed at admin.atlassian.com, and what it gets on new " +
		"repositories is set in Bitbucket's workspace settings. Leave permission, auto_add and email_forwarding_disabled out for what they are by default."},
	{access.ErrNoSeat, "The group gives access to an app whose plan has no seat left. Have an administrator add seats or take access from somebody, and apply again."},
	{access.ErrSuspended, "Restore the person at admin.atlassian.com instead; the groups are kept."},
	{access.ErrStranger, "The person has no account in the directory that the group is in. Invite the person first, for example with bitbucket_workspace_invitation."},
	{access.ErrNoRepositoryInvitation, "Invite into a group instead, with group_slugs, and give the group the permission on the repository."},
	{access.ErrTwoOwners, "An exclusive resource owns every entry, also while it only reports: keep it, with what the others grant in its configuration, " +
		"or keep the others. To stop managing a resource without revoking what it grants, take it out of the configuration with a removed block whose lifecycle has " +
		"destroy = false, or out of the state with \"terraform state rm\"."},
	{access.ErrHandover, "What Terraform does last would decide who has access. Let the resource that is destroyed go without taking access away: replace its block by " +
		"removed { from = <its address>, lifecycle { destroy = false } }, each on its own line (Terraform 1.7 or OpenTofu 1.10), or run \"terraform state " +
		"rm\". Where only the address of a resource has changed, use a moved block."},
	{access.ErrLockout, "Leave the user an admin permission, direct, through a group or, on a repository, through its project, and apply one that is new " +
		"before; in a group that administers the workspace, leave the user a member. Where only the address of a resource has changed, use a moved block. If it is " +
		"meant, set allow_self_lockout = true; before the resource is destroyed, apply that by itself."},
	{access.ErrNoAdministrator, "Keep a member, or add another one in the same plan."},
	{rest.ErrNoAnswer, "Check the connection and run Terraform again; repeating the operation is safe."},
	{rest.ErrBadAnswer, "Something between here and Atlassian may have answered in its place, such as a proxy or a page to sign in at. Check the " +
		"connection, and base_url if it is set, and run Terraform again; repeating the operation is safe."},
}

// organizationRemedy says what to do about a refusal of the organization's administration.
func organizationRemedy(refusal *rest.Error) string {
	if refusal.Status == http.StatusTooManyRequests {
		return limitRemedy("The administration's limit of requests", refusal)
	}
	if refusal.Status == http.StatusForbidden && len(refusal.Required) > 0 {
		return fmt.Sprintf("The organization's API key lacks a scope; the administration accepts %s. The scopes of a key cannot be changed: make a key without scopes, "+
			"which changes of groups need. A key with scopes is enough to plan.", strings.Join(refusal.Required, " or "))
	}
	if refusal.Status >= http.StatusInternalServerError {
		return fmt.Sprintf(atFault, "The administration of the organization", "https://status.atlassian.com")
	}
	return organizationRefusals[refusal.Status]
}

// limitRemedy says what to do about a limit of requests whose end could not be waited for. whose it is begins the first sentence.
func limitRemedy(whose string, refusal *rest.Error) string {
	waited := "The provider has not waited for its end"
	if refusal.Waited > 0 {
		waited = fmt.Sprintf("The provider has waited %s for its end", refusal.Waited.Round(time.Second))
	}
	if next := refusal.Next.Round(time.Second); next > 0 {
		waited += fmt.Sprintf(", and would have to wait %s more before it tries again", next)
	}
	return whose + " is used up. " + waited + ": max_rate_limit_wait in the provider block does not allow that. What Terraform has reported as complete is done, " +
		"and in the state. Set max_rate_limit_wait higher, or run Terraform again later; after an apply that has ended half-way use -refresh=false, which asks for " +
		"nothing that is in the state. The guide \"Large workspaces\" tells how to need fewer requests."
}

// organizationRefusals are what to do about the statuses that the organization's administration refuses with.
var organizationRefusals = map[int]string{
	http.StatusUnauthorized: "The administration does not accept organization.api_key: it has expired (keys last a year at most), was revoked, or is no organization API " +
		"key. A token of id.atlassian.com is none. An administrator of the organization makes one, without scopes, at admin.atlassian.com under Settings, API keys.",
	http.StatusPaymentRequired: "Atlassian invites through its API only for organizations with a paid subscription. Invite the person at admin.atlassian.com.",
	http.StatusForbidden: "The organization's API key has no right to do this. Make a key without scopes in the organization that organization.id names; an identity " +
		"provider's groups and default groups cannot be changed with any key.",
	http.StatusConflict: "What is asked for is there already in another form, or an app that the group opens has no seat left: see what the " +
		"administration answered.",
	http.StatusNotFound:         "Check organization.id in the provider block, and that what is named here still exists at admin.atlassian.com.",
	http.StatusMethodNotAllowed: notTaken,
	http.StatusGone:             "Atlassian has removed this part of its API. A newer version of the provider may know its replacement.",
}

const (
	// notTaken is what to do about a request that is not taken at all.
	notTaken = "The API does not take this request here, whoever sends it. Check base_url and admin_base_url if they are set, and use the newest version of the provider."
	// atFault is what to do about a failure of Atlassian.
	atFault = "%s failed. Run Terraform again later; repeating the operation is safe. %s tells of incidents."
)

// refusals are what to do about the statuses of Bitbucket that mean one thing.
var refusals = map[int]string{
	http.StatusPaymentRequired: "Every seat of the workspace's plan is taken. Remove someone from the workspace, or have a workspace administrator upgrade the plan.",
	http.StatusNotFound: "Check that everything named here exists and is spelled as in Bitbucket, and that the credential may see it: Bitbucket gives the same answer " +
		"for what does not exist and for what is hidden from the credential.",
	http.StatusMethodNotAllowed: notTaken,
	http.StatusConflict:         "What is asked for contradicts what is there, or somebody is changing it at this moment. Look at it in Bitbucket, and run Terraform again.",
	http.StatusGone:             "Bitbucket has removed this part of its API. A newer version of the provider may know its replacement.",
}

// unauthorized says what makes Bitbucket refuse each kind of credential.
var unauthorized = map[access.CredentialKind]string{
	access.APIToken: "Bitbucket does not accept the credential. username must be the Atlassian account e-mail address, not a Bitbucket user name, and api_token " +
		"an API token with scopes for Bitbucket that has not expired. App passwords ended on 28 July 2026.",
	access.AccessToken: "Bitbucket does not accept the access_token: it has expired, was revoked, or is not an access token of a workspace, project or repository.",
	access.OAuthConsumer: "Bitbucket does not accept the OAuth consumer. Check oauth_client_id (its key) and oauth_client_secret, and that it is marked " +
		"as a private consumer.",
}

// forbidden says what a refused credential lacks.
func forbidden(kind access.CredentialKind, refusal *rest.Error) string {
	if missing := without(refusal.Required, refusal.Granted); len(missing) > 0 {
		return fmt.Sprintf("The credential lacks the scope %s; it has %s. The scopes of a token cannot be changed: make a new one that has them all.",
			strings.Join(missing, ", "), orNone(refusal.Granted))
	}
	if kind != access.APIToken {
		return fmt.Sprintf("The credential is an %s. Bitbucket shows and changes permissions and groups for administrators only, and permissions "+
			"for the most part with an API token only: set username and api_token.", kind)
	}
	return "The user of the API token needs to be an administrator of the object, or of its workspace."
}
