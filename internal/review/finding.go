package review

import (
	"cmp"
	"fmt"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

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

// holder is who holds the access of a finding; "" where nobody in particular does.
func holder(f access.Finding) string { return cmp.Or(f.Name, f.Principal.ID) }

// because names what makes the grant of a finding redundant, or stands beside it; "" where nothing does.
func because(f access.Finding) string {
	if f.Because == nil {
		return ""
	}
	return f.Because.String()
}

// about names what a finding is about as a person would: groups by their names.
func (x *index) about(f access.Finding) string {
	if name := x.groups[f.Scope.Name]; f.Scope.Kind == access.GroupScope && name != "" {
		return fmt.Sprintf("%s %s", f.Scope.Kind, name)
	}
	return f.Scope.String()
}

// reason says in a sentence why a reviewer should look at a finding.
func (x *index) reason(f access.Finding) string {
	who, about, other := holder(f), x.about(f), cmp.Or(because(f), "another path")
	if f.Principal.Kind == access.GroupPrincipal {
		who = fmt.Sprintf("%s %s", f.Principal.Kind, who)
	}
	switch f.Kind {
	case access.Redundant:
		return fmt.Sprintf("The grant of %s on %s to %s changes nothing: %s gives as much.", f.Permission, about, who, other)
	case access.DirectBesideGroup:
		return fmt.Sprintf("The grant of %s on %s is to %s in person, although there is %s.", f.Permission, about, who, other)
	case access.AdminOutsideGroups:
		return fmt.Sprintf("%s administers %s, but is in none of the groups for administrators.", who, about)
	case access.NoMember:
		if f.Scope.Kind == access.GroupScope {
			return fmt.Sprintf("%s is in %s, but not in the workspace.", who, about)
		}
		return fmt.Sprintf("%s holds %s on %s, but is not in the workspace.", who, f.Permission, about)
	case access.UnknownMembers:
		return fmt.Sprintf("%s holds %s on %s, but Bitbucket does not list the group, so that its members are not known. If it is not new, it was just "+
			"deleted: look again.", who, f.Permission, about)
	case access.Public:
		return fmt.Sprintf("Everybody may read %s: it is public.", about)
	default:
		return fmt.Sprintf("%s holds %s on %s.", who, f.Permission, about)
	}
}
