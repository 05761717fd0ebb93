package access_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// TestADifferenceIsOneStepForEachPrincipal is a table: who has what, who is to have what, and what has to be done about it.
func TestADifferenceIsOneStepForEachPrincipal(t *testing.T) {
	t.Parallel()
	live := []access.Grant{
		holds(linus, access.Write), holds(grace, access.Read), groupHolds("web", "Web", access.Write), groupHolds("data", "Data", access.Admin),
		withoutUUID(holds(margaret, access.Admin)),
	}
	everything := []string{
		"user Grace Hopper: read", "user Linus Torvalds: write", "user Margaret Hamilton: admin", "group Data: admin", "group Web: write",
	}
	for name, tt := range map[string]struct {
		wanted        []access.Grant
		steps, others []string
	}{
		"everything as it is": {live, nil, nil},
		"everything as it is, in other words": {[]access.Grant{
			called(user(strings.ToUpper(linus.UUID)), access.Write), called(user(grace.AccountID), access.Read), called(group("web"), access.Write),
			called(group("data"), access.Admin), called(user(margaret.AccountID), access.Admin),
		}, nil, nil},
		"nothing":                 {nil, nil, everything},
		"somebody new":            {append(live, holds(alan, access.Read)), []string{"user Alan Turing: none to read"}, nil},
		"somebody new by one id":  {append(live, called(user(alan.UUID), access.Read)), []string{"user " + alan.UUID + ": none to read"}, nil},
		"a new group":             {append(live, called(group("mobile"), access.Read)), []string{"group mobile: none to read"}, nil},
		"a raise":                 {append(live[1:], called(user(linus.AccountID), access.Admin)), []string{"user Linus Torvalds: write to admin"}, nil},
		"a level that goes down":  {append(live[1:], called(user(strings.Trim(linus.UUID, "{}")), access.Read)), []string{"user Linus Torvalds: write to read"}, nil},
		"a group that is raised":  {append(live[:2:2], called(group("web"), access.Admin), live[3], live[4]), []string{"group Web: write to admin"}, nil},
		"somebody without a UUID": {append(live[:4:4], holds(margaret, access.Read)), []string{"user Margaret Hamilton: admin to read"}, nil},
		"all at once": {[]access.Grant{called(group("web"), access.Read), called(user(alan.UUID), access.Read), called(user(grace.UUID), access.Admin)}, []string{
			"user " + alan.UUID + ": none to read", "user Grace Hopper: read to admin", "group Web: write to read",
		}, []string{"user Linus Torvalds: write", "user Margaret Hamilton: admin", "group Data: admin"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steps, others := access.NewRoster(live).Compare(tt.wanted)
			var gotSteps, gotOthers []string
			for _, s := range steps {
				gotSteps = append(gotSteps, fmt.Sprintf("%s: %s to %s", who(s.Grant), s.From, s.To))
				equal(t, "permission of the step's grant", s.To, s.Grant.Permission)
			}
			for _, g := range others {
				gotOthers = append(gotOthers, fmt.Sprintf("%s: %s", who(g), g.Permission))
			}
			equal(t, "steps", tt.steps, gotSteps)
			equal(t, "others", tt.others, gotOthers)
		})
	}
}

// who is the holder of a grant by the name, where that is known.
func who(g access.Grant) string {
	if g.Name != "" {
		return string(g.Principal.Kind) + " " + g.Name
	}
	return g.Holder().String()
}

// TestAStepNamesTheHolderAsBitbucketKnowsIt holds that a step can be carried out without looking anybody up.
func TestAStepNamesTheHolderAsBitbucketKnowsIt(t *testing.T) {
	t.Parallel()
	r := access.NewRoster([]access.Grant{holds(grace, access.Read), withoutUUID(holds(linus, access.Read)), groupHolds("web", "Web", access.Read)})
	steps, _ := r.Compare([]access.Grant{
		called(user(grace.AccountID), access.Write), holds(linus, access.Write), called(group("web"), access.Write), called(user(alan.UUID), access.Write),
	})
	var holders []access.Principal
	for _, s := range steps {
		holders = append(holders, s.Grant.Holder())
	}
	equal(t, "holders", []access.Principal{user(alan.UUID), user(grace.UUID), user(linus.AccountID), group("web")}, holders)
}

func TestARosterFollowsTheResults(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	live := []access.Grant{holds(grace, access.Read), withoutUUID(holds(linus, access.Write)), groupHolds("web", "Web", access.Read)}
	raise := access.Step{Grant: holds(grace, access.Admin), From: access.Read, To: access.Admin}
	join := access.Step{Grant: holds(alan, access.Read), From: access.None, To: access.Read}
	for name, tt := range map[string]struct {
		results []access.Result
		want    []access.Grant
	}{
		"nothing":                   {nil, live},
		"what was not tried":        {[]access.Result{{Step: raise}, {Step: join}, {Step: access.Revoke(live[2])}}, live},
		"what was refused":          {[]access.Result{{Step: raise, Err: refused}, {Step: join, Err: refused}, {Step: access.Revoke(live[2]), Err: refused}}, live},
		"a raise":                   {[]access.Result{{Step: raise, Done: true}}, []access.Grant{holds(grace, access.Admin), live[1], live[2]}},
		"somebody new":              {[]access.Result{{Step: join, Done: true}}, append(live[:3:3], holds(alan, access.Read))},
		"a revocation":              {[]access.Result{{Step: access.Revoke(live[0]), Done: true}}, live[1:]},
		"a revocation by account":   {[]access.Result{{Step: access.Revoke(holds(linus, access.Write)), Done: true}}, []access.Grant{live[0], live[2]}},
		"a group's revocation":      {[]access.Result{{Step: access.Revoke(live[2]), Done: true}}, live[:2]},
		"what does not show yet":    {[]access.Result{{Step: join, Done: true, Err: access.ErrNotShown}}, append(live[:3:3], holds(alan, access.Read))},
		"what was gone before":      {[]access.Result{{Step: access.Revoke(holds(alan, access.Read)), Done: true}}, live},
		"one that went, one failed": {[]access.Result{{Step: raise, Err: refused}, {Step: access.Revoke(live[1]), Done: true}}, []access.Grant{live[0], live[2]}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			equal(t, "entries", tt.want, access.NewRoster(live).After(tt.results).All())
		})
	}
}
