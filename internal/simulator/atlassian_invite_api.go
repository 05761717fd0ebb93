package simulator

import (
	"fmt"
	"net/http"
	"strings"
)

// mostInvited is how many addresses one invitation may name (specification).
const mostInvited = 25

// invite is what an invitation into an organization asks for.
type invite struct {
	emails []string
	rules  []rule
	groups []*orgGroup
}

// rule is a role that invited people are given directly.
type rule struct{ resource, role string }

// inviteUsers invites people and answers the account id at once, also of those who have no account. Whoever is known is just added to
// the groups and given the roles: the changelog presents it as a way to do that.
func inviteUsers(x *exchange, o *organization) (answer, error) {
	if o.Free {
		return answer{}, failDetail("ADMIN-UAM-402-1", "You don't have a paid subscription to be eligible to perform this request.")
	}
	wanted, err := x.invite(o)
	if err != nil {
		return answer{}, err
	}
	if resource := x.w.overbooked(o, wanted); resource != "" {
		return answer{}, failDetail("ADMIN-UAM-409-3", "The user limit of %s is reached.", resource)
	}
	status, data := http.StatusOK, []any{}
	for _, email := range wanted.emails {
		row, failed, err := x.inviteOne(o, wanted, email)
		if err != nil {
			return answer{}, failDetail("ADMIN-400-24", "%s", err)
		}
		if failed {
			status = http.StatusPartialContent
		}
		data = append(data, row)
	}
	return answer{status: status, body: object{"data": data}}, nil
}

// invite reads the body of an invitation and finds what it names.
func (x *exchange) invite(o *organization) (invite, error) {
	var wanted invite
	f := x.adminForm("emails", "permissionRules", "additionalGroups", "sendNotification", "notificationText")
	var emails, rules, groups []any
	var notify bool
	var message string
	read(f, "emails", &emails)
	read(f, "permissionRules", &rules)
	read(f, "additionalGroups", &groups)
	f.flag("sendNotification", &notify)
	f.text("notificationText", &message)
	if f.err == nil && (len(emails) == 0 || len(emails) > mostInvited) {
		f.err = fmt.Errorf("emails holds %d addresses, not 1 to %d", len(emails), mostInvited)
	}
	for _, value := range emails {
		email, _ := value.(string)
		if f.err == nil && !isAddress(email) {
			f.err = fmt.Errorf("%v is no address", value)
		}
		wanted.emails = append(wanted.emails, email)
	}
	if err := f.wrong(); err != nil {
		return wanted, err
	}
	for _, value := range rules {
		entry, _ := value.(map[string]any)
		resource, _ := entry["resource"].(string)
		role, _ := entry["role"].(string)
		if err := x.w.checkRole(o, resource, role); err != nil {
			return wanted, err
		}
		wanted.rules = append(wanted.rules, rule{resource, role})
	}
	for _, value := range groups {
		id, _ := value.(string)
		g := o.groups.get(id)
		if g == nil {
			return wanted, failDetail("ADMIN-UAM-404-3", "Group %s not found", id)
		}
		wanted.groups = append(wanted.groups, g)
	}
	return wanted, nil
}

// overbooked returns a resource that has too few seats for everyone who is invited; "" is none.
func (w *world) overbooked(o *organization, wanted invite) string {
	people := make([]string, len(wanted.emails))
	for i, email := range wanted.emails {
		people[i] = email // stands for somebody new
		if u := w.emails[strings.ToLower(email)]; u != nil {
			people[i] = u.UUID
		}
	}
	for _, r := range wanted.rules {
		if w.full(o, r.resource, []string{r.role}, people...) {
			return r.resource
		}
	}
	for _, g := range wanted.groups {
		for resource, held := range g.roles.all() {
			if !g.ExternallySynced && w.full(o, resource, held, people...) {
				return resource
			}
		}
	}
	return ""
}

// inviteOne invites one person and tells what became of it. A deactivated account and a synced group are the failures that do not
// end the whole request.
func (x *exchange) inviteOne(o *organization, wanted invite, email string) (row object, failed bool, err error) {
	u := x.w.emails[strings.ToLower(email)]
	if u == nil {
		name, _, _ := strings.Cut(email, "@")
		if u, err = x.w.addUser(User{DisplayName: name, Nickname: name, Email: email, Invited: true}); err != nil {
			return nil, false, err
		}
	}
	refusal := "" // of all of it
	if u.Inactive {
		refusal = "Inactive user"
	} else {
		o.join(u.UUID, "")
	}
	failed = refusal != ""
	roleResults, groupResults := []any{}, []any{}
	for _, r := range wanted.rules {
		if refusal == "" {
			o.people.get(u.UUID).roles.give(r.resource, r.role)
		}
		roleResults = append(roleResults, inviteResult(object{"resource": r.resource, "role": r.role}, refusal))
	}
	for _, g := range wanted.groups {
		reason := refusal
		switch {
		case reason != "":
		case g.ExternallySynced:
			reason = "Group is managed externally"
		default:
			o.join(u.UUID, g.Directory)
			g.members.set(u.UUID, struct{}{})
		}
		failed = failed || reason != ""
		groupResults = append(groupResults, inviteResult(object{"group": g.ID}, reason))
	}
	results := []any{object{"roleAssignmentResult": roleResults, "groupAssignmentResult": groupResults}}
	return object{"email": email, "id": u.AccountID, "results": results}, failed, nil
}

// inviteResult adds what became of one part of an invitation; without a reason against it, it was carried out.
func inviteResult(part object, reason string) object {
	part["status"], part["statusReason"] = "INVITED", nil
	if reason != "" {
		part["status"], part["statusReason"] = "ERROR", reason
	}
	return part
}
