package provider

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// unable makes the diagnostic for an error of the directory. The summary is "Unable to" and the action; the detail is the error,
// which names the object and what Bitbucket answered, and what to do about it.
func unable(action string, d *access.Directory, err error) diag.Diagnostic {
	detail := sentence(err.Error())
	if action, ok := err.(*access.ActionError); ok { //nolint:errorlint // it matters how the text begins
		detail = sentence("could not " + action.Error())
	}
	if advice := remedy(d.Credential, err); advice != "" {
		detail += "\n\n" + advice
	}
	return diag.NewErrorDiagnostic("Unable to "+action, detail)
}

// remedy says what to do about an error, "" when the error says it all.
func remedy(kind access.CredentialKind, err error) string {
	refusal, refused := errors.AsType[*rest.Error](err)
	switch {
	case errors.Is(err, access.ErrOutsideFilter):
		return "Add the workspace to the provider's workspaces attribute, or to BITBUCKET_WORKSPACES, if it is meant."
	case errors.Is(err, access.ErrNoMember):
		return "Where the answer does not say why, check the spelling of the workspace, and that the user of the credential is a member of it."
	case errors.Is(err, access.ErrHidden):
		return "It does not exist, or it is hidden from this credential, to which Bitbucket gives the same answer. Check the spelling, or use the API token of a " +
			"workspace administrator, from whom nothing is hidden. If it was deleted, remove what was in it from the state with \"terraform state rm\"."
	case errors.Is(err, rest.ErrNoAnswer):
		return "Check the connection to Bitbucket and run Terraform again; repeating the operation is safe."
	case !refused:
		return ""
	case refusal.Location != "":
		return fmt.Sprintf("It has moved to %s. Use its new name in the configuration.", refusal.Location)
	case refusal.Status == http.StatusUnauthorized:
		return unauthorized[kind]
	case refusal.Status == http.StatusForbidden:
		return forbidden(kind, refusal)
	}
	if refusal.Status >= http.StatusInternalServerError {
		return "Bitbucket failed. Run Terraform again later; repeating the operation is safe. https://bitbucket.status.atlassian.com tells of incidents."
	}
	return remedies[refusal.Status]
}

// remedies say what to do about the statuses that mean one thing.
var remedies = map[int]string{
	http.StatusPaymentRequired: "Every seat of the workspace's plan is taken. Remove someone from the workspace, or have a workspace administrator upgrade the plan.",
	http.StatusNotFound: "Check that everything named here exists and is spelled as in Bitbucket, and that the credential may see it: Bitbucket gives the same answer " +
		"for what does not exist and for what is hidden from the credential.",
	http.StatusMethodNotAllowed: "The users and groups of this workspace are administered at admin.atlassian.com, and Bitbucket's own API can read its groups but " +
		"not change them. Change the group there, and use the data source bitbucket_group to refer to it here.",
	http.StatusGone: "Bitbucket has removed this part of its API. A newer version of the provider may know its replacement.",
	http.StatusTooManyRequests: "Bitbucket's limit of requests, usually 1,000 an hour for each user, is used up. Run Terraform again later; what was done is in the " +
		"state. max_rate_limit_wait in the provider block sets how long the provider waits, and requests_per_hour paces its requests.",
}

// unauthorized says what makes Bitbucket refuse each kind of credential.
var unauthorized = map[access.CredentialKind]string{
	access.APIToken: "Bitbucket does not accept the credential. username must be the Atlassian account e-mail address, not a Bitbucket user name, and api_token " +
		"an API token with scopes for Bitbucket that has not expired. App passwords ended on 28 July 2026.",
	access.AccessToken:   "Bitbucket does not accept the access_token: it has expired, was revoked, or is not an access token of a workspace, project or repository.",
	access.OAuthConsumer: "Bitbucket does not accept the OAuth consumer. Check oauth_client_id (its key) and oauth_client_secret, and that it is marked as a private consumer.",
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

// without returns what is in wanted but not in had.
func without(wanted, had []string) []string {
	return slices.DeleteFunc(slices.Clone(wanted), func(scope string) bool { return slices.Contains(had, scope) })
}

func orNone(texts []string) string {
	if len(texts) == 0 {
		return "none"
	}
	return strings.Join(texts, ", ")
}

// sentence makes a sentence of the text of an error.
func sentence(text string) string {
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
