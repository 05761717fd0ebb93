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

// outcome makes the diagnostics of a change: none when it was made, a warning when it was made but does not show after a long wait,
// and an error when it was not made.
func outcome(action string, d *access.Directory, err error) diag.Diagnostics {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, access.ErrNotShown):
		return diag.Diagnostics{diag.NewWarningDiagnostic("A change does not show yet", sentence(err.Error())+"\n\nThe change was made at admin.atlassian.com. "+
			"Bitbucket follows, usually within seconds; somebody who has yet to accept an invitation shows when it is accepted. What depends on it may fail "+
			"until then; apply again in that case.")}
	}
	return diag.Diagnostics{unable(action, d, err)}
}

// told makes the diagnostics of steps that were carried out, or could not even be begun: nothing when all were, else an error that says what
// was done and what was not, and what comes next.
func (s *shared) told(action string, results []access.Result, err error, next string) diag.Diagnostics {
	var diags diag.Diagnostics
	if err != nil {
		diags.Append(unable(action, s.directory, err))
		return diags
	}
	var (
		done, left, refused []string
		unseen              []error
	)
	for _, r := range results {
		switch {
		case errors.Is(r.Err, access.ErrNotShown):
			unseen = append(unseen, r.Err)
			done = append(done, r.String())
		case r.Err != nil:
			if err == nil {
				err = r.Err
			}
			refused = append(refused, r.String()+": "+reason(r.Err))
		case r.Done:
			done = append(done, r.String())
		default:
			left = append(left, r.String())
		}
	}
	if len(unseen) > 0 {
		diags.Append(outcome(action, s.directory, errors.Join(unseen...))...)
	}
	if err == nil {
		return diags
	}
	detail := []string{fmt.Sprintf("%d of %d changes of access to %s failed:\n%s", len(refused), len(results), results[0].Grant.Scope, bullets(refused))}
	if len(left) > 0 {
		detail = append(detail, "Not tried because of that:\n"+bullets(left))
	}
	if len(done) > 0 {
		detail = append(detail, "Done:\n"+bullets(done))
	}
	if advice := remedy(s.directory.Credential, err); advice != "" {
		detail = append(detail, advice)
	}
	diags.AddError("Unable to "+action, strings.Join(append(detail, next), "\n\n"))
	return diags
}

// reason is why an action failed, without the action.
func reason(err error) string {
	if action, ok := errors.AsType[*access.ActionError](err); ok {
		err = action.Err
	}
	return err.Error()
}

// remedy says what to do about an error, "" when the error says it all.
func remedy(kind access.CredentialKind, err error) string {
	for _, known := range remedies {
		if errors.Is(err, known.err) {
			return known.advice
		}
	}
	refusal, refused := errors.AsType[*rest.Error](err)
	switch {
	case !refused:
		return ""
	case errors.Is(err, access.ErrOrganization):
		return organizationRemedy(refusal)
	case refusal.Status == http.StatusTooManyRequests:
		return limitRemedy("Bitbucket's limit of requests, usually 1,000 in an hour for each user,", refusal)
	case refusal.Location != "":
		return fmt.Sprintf("It has moved to %s. Use its new name in the configuration.", refusal.Location)
	case refusal.Status == http.StatusUnauthorized:
		return unauthorized[kind]
	case refusal.Status == http.StatusForbidden:
		return forbidden(kind, refusal)
	}
	if refusal.Status >= http.StatusInternalServerError {
		return fmt.Sprintf(atFault, "Bitbucket", "https://bitbucket.status.atlassian.com")
	}
	return refusals[refusal.Status]
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

// bullets makes a list of lines.
func bullets(lines []string) string { return "  - " + strings.Join(lines, "\n  - ") }
