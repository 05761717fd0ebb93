package provider_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
)

// words are ways to name the same workspace and the same person.
var words = map[string]func(w *acctest.World) (workspace, person string){
	"by slug and account id": func(w *acctest.World) (string, string) { return "acme", w.Grace.AccountID },
	"by UUIDs":               func(w *acctest.World) (string, string) { return workspaceUUID(w), w.Grace.UUID },
	"by UUIDs in capitals and without braces": func(w *acctest.World) (string, string) { return capitals(workspaceUUID(w)), capitals(w.Grace.UUID) },
}

func capitals(uuid string) string { return strings.ToUpper(bare(uuid)) }

// inWords is the thing with its workspace and its person in other words.
func (i thing) inWords(workspace, person string) thing {
	changes := map[string]tftypes.Value{"workspace": str(workspace)}
	if _, has := i.settings["user_id"]; has {
		changes["user_id"] = str(person)
	}
	return i.with(changes)
}

// updates are changes of a thing that replace nothing, one after the other.
func (i thing) updates() []map[string]tftypes.Value {
	lockout := map[string]tftypes.Value{"allow_self_lockout": tftypes.NewValue(tftypes.Bool, true)}
	switch {
	case strings.HasSuffix(i.name, "_permission"):
		return []map[string]tftypes.Value{{"permission": str("admin")}, lockout}
	case i.name == "bitbucket_group_membership":
		return []map[string]tftypes.Value{lockout, {"uuid": str(bare(i.w.Grace.UUID)), "user_id": tftypes.NewValue(tftypes.String, nil)}}
	case i.name == "bitbucket_group" && i.w.Organization == "":
		return []map[string]tftypes.Value{{"permission": str("write")}, {"auto_add": tftypes.NewValue(tftypes.Bool, true)}}
	}
	return nil
}

func TestTheIdentityKeepsTheWordsOfTheStateThroughALife(t *testing.T) {
	t.Parallel()
	for name, say := range words {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachThing(t, func(t *testing.T, i thing) {
				t.Helper()
				i = i.inWords(say(i.w))
				now := i.create(t)
				want := i.parts(t, now.NewState)
				for part := range want {
					if said, given := i.settings[part]; given && !said.Equal(str(want[part])) {
						t.Errorf("the state has another %s than the configuration: %s, not %s", part, want[part], said)
					}
				}
				i.expect(t, "after creation", now.NewIdentity, want)
				i.again(t).expectRefresh(t, "after creation", now)
				for _, change := range i.updates() {
					i = i.again(t).with(change)
					now = i.apply(t, now, configOf(t, i.schema(), i.settings))
					i.expect(t, "after an update", now.NewIdentity, want)
					i.again(t).expectRefresh(t, "after an update", now)
				}
				for otherwise, say := range words {
					again := i.again(t).inWords(say(i.w))
					if i.settings["uuid"].Type() != nil { // it names the person now
						delete(again.settings, "user_id")
					}
					now = again.apply(t, now, configOf(t, i.schema(), again.settings))
					i.expect(t, "configured "+otherwise, now.NewIdentity, want)
				}
				if got := i.parts(t, now.NewState); !maps.Equal(got, want) {
					t.Errorf("at the end the state says %v, and at first %v", got, want)
				}
				now.NewIdentity = nil // as an older CLI has it
				i.expect(t, "in a state without one, after an update", i.again(t).attempt(t, now, false).NewIdentity, want)
			})
		})
	}
}

func TestARefreshBeforeTheProviderIsConfiguredKeepsTheIdentity(t *testing.T) {
	t.Parallel()
	eachThing(t, func(t *testing.T, i thing) {
		t.Helper()
		created := i.create(t)
		i.server = newServer(t, acctest.Factories())
		i.expectRefresh(t, "without a configuration", created)
		answer, err := i.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: configOf(t, i.schemas.Provider, map[string]tftypes.Value{
			"username": str(i.w.Username), "api_token": tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
		})})
		mustPass(t, "ConfigureProvider", err, answer.Diagnostics)
		i.expectRefresh(t, "with a configuration that is not known", created)
	})
}

func TestARefreshOfWhatIsGoneTakesItOutOfTheStateWhateverIdentityItHas(t *testing.T) {
	t.Parallel()
	for name, take := range map[string]func(i thing){
		"the object is gone": func(i thing) {
			slug := i.w.Developers
			if g, ok := groupNamed(i.w, "Ops"); ok {
				slug = g.Slug
			}
			i.w.RemoveGroup("acme", slug)
			i.w.RemoveRepository("acme", "api")
			i.w.RemoveProject("acme", "PLAT")
		},
		"the entry is gone": func(i thing) {
			switch {
			case strings.HasSuffix(i.name, "_permission"):
				for _, g := range i.w.Grants("acme") {
					i.w.Revoke(g)
				}
			case i.name == "bitbucket_group_membership":
				i.w.RemoveGroupMember("acme", i.w.Developers, i.w.Grace.UUID)
			case i.name == "bitbucket_workspace_invitation":
				cancel(i.w, "edsger@partner.example")
			default:
				g, _ := groupNamed(i.w, "Ops")
				i.w.RemoveGroup("acme", g.Slug)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachThing(t, func(t *testing.T, i thing) {
				t.Helper()
				created := i.create(t)
				take(i)
				i.again(t).expectGone(t, created)
			})
		})
	}
}

func TestWhatIsDestroyedIsGoneWhateverIdentityItHas(t *testing.T) {
	t.Parallel()
	eachThing(t, func(t *testing.T, i thing) {
		t.Helper()
		created := i.create(t)
		for _, identity := range []*tfprotov6.ResourceIdentityData{created.NewIdentity, nil} { // the second is a deposed copy of the same thing
			deposed := &tfprotov6.ApplyResourceChangeResponse{NewState: created.NewState, NewIdentity: identity, Private: created.Private}
			gone := i.again(t).attempt(t, deposed, true)
			mustPassOrWarn(t, "ApplyResourceChange", nil, gone.Diagnostics)
			if !unmarshal(t, i.schema(), gone.NewState).IsNull() {
				t.Errorf("%s: what was destroyed is still in the state", i.name)
			}
		}
		i.again(t).expectGone(t, created)
	})
}
