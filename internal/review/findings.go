package review

import "github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"

// Finding is a finding in words.
type Finding struct {
	access.Finding

	// Reason says in a sentence why a reviewer should look at it.
	Reason string
}

// Findings are those of access, in words.
func Findings(e *access.Effective) []Finding {
	x := indexed(e)
	told := make([]Finding, len(e.Findings))
	for i, f := range e.Findings {
		told[i] = Finding{f, x.reason(f)}
	}
	return told
}
