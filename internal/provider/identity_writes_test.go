package provider_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// refuseWrites lets every change be refused.
func refuseWrites(w *acctest.World) (allow func()) {
	var removals []func()
	for method, paths := range map[string][]string{
		http.MethodPut: {"**"}, http.MethodPost: {"/2.0/**", "/1.0/**", "/admin/**/groups", "/admin/**/memberships", "/admin/**/invite"}, http.MethodDelete: {"**"},
	} {
		for _, path := range paths {
			removals = append(removals, w.Inject(simulator.Fault{Method: method, Path: path, Status: http.StatusForbidden, Body: "Forbidden"}))
		}
	}
	return func() {
		for _, remove := range removals {
			remove()
		}
	}
}

func TestRefusedWritesLeaveTheIdentityWithTheState(t *testing.T) {
	t.Parallel()
	eachThing(t, func(t *testing.T, i thing) {
		t.Helper()
		allow := refuseWrites(i.w)
		failed := i.again(t).attempt(t, &tfprotov6.ApplyResourceChangeResponse{}, false)
		expectOneError(t, "a refused creation", failed.Diagnostics, "Unable to ")
		if !unmarshal(t, i.schema(), failed.NewState).IsNull() {
			t.Errorf("%s: what was not created is in the state", i.name)
		}
		allow()
		created := i.again(t).create(t)
		refuseWrites(i.w)
		for _, change := range i.updates() {
			if _, onlyWords := change["permission"]; onlyWords {
				failed = i.again(t).with(change).attempt(t, created, false)
				expectOneError(t, "a refused update", failed.Diagnostics, "Unable to ")
				i.expect(t, "after a refused update", failed.NewIdentity, i.parts(t, created.NewState))
			}
		}
		failed = i.again(t).attempt(t, created, true)
		expectOneError(t, "a refused removal", failed.Diagnostics, "Unable to ")
		i.expect(t, "after a refused removal", failed.NewIdentity, i.parts(t, created.NewState))
		i.again(t).expectRefresh(t, "after what was refused", created)
	})
}

func TestARenamedGroupIsIdentifiedByItsNewSlug(t *testing.T) {
	t.Parallel()
	i := thingOf(t, acctest.New(t, simulator.Options{}), "bitbucket_group")
	created := i.create(t)
	for _, identity := range []*tfprotov6.ResourceIdentityData{nil, created.NewIdentity} { // renamed twice, so that the slug changes each time
		name := map[bool]string{true: "Operations", false: "Ops, the second"}[identity == nil]
		i = i.again(t).with(map[string]tftypes.Value{"name": str(name)})
		before := *created
		before.NewIdentity = identity
		renamed := i.apply(t, &before, configOf(t, i.schema(), i.settings))
		i.expect(t, "after a change of name to "+name, renamed.NewIdentity, map[string]string{
			"workspace": "acme", "slug": map[bool]string{true: "operations", false: "ops-the-second"}[identity == nil],
		})
		i.again(t).expectRefresh(t, "after a change of name to "+name, renamed)
		i.again(t).expectGone(t, created) // the state of before names what is no more
		created = renamed
	}
	defer refuseWrites(i.w)()
	refused := i.again(t).with(map[string]tftypes.Value{"name": str("Third")}).attempt(t, created, false)
	expectOneError(t, "a refused change of name", refused.Diagnostics, "Unable to change group")
	i.expect(t, "after a refused change of name", refused.NewIdentity, map[string]string{"workspace": "acme", "slug": "ops-the-second"})
}

func TestAReplacementIsIdentifiedAnew(t *testing.T) {
	t.Parallel()
	eachThing(t, func(t *testing.T, i thing) {
		t.Helper()
		old := map[string]string{}
		for part := range i.identity.AttributeTypes {
			old[part] = "of the thing before"
		}
		before := &tfprotov6.ApplyResourceChangeResponse{NewIdentity: i.of(t, old)}
		created := i.attempt(t, before, false)
		mustPassOrWarn(t, "ApplyResourceChange", nil, created.Diagnostics)
		i.expect(t, "after a replacement", created.NewIdentity, i.parts(t, created.NewState))
	})
}

func TestWhatWasMadeOtherThanAskedIsIdentifiedAndTainted(t *testing.T) {
	t.Parallel()
	level := simulator.Fault{
		Path:    "/2.0/**/permissions-config/**", // both the answer and the list
		Rewrite: func(body []byte) []byte { return []byte(strings.Replace(string(body), `"read"`, `"write"`, 1)) },
	}
	settings := simulator.Fault{Method: http.MethodPut, Path: groupPath, Status: http.StatusForbidden, Body: "Forbidden"}
	second := simulator.Fault{Method: http.MethodPut, Path: invitations, Status: http.StatusForbidden, Body: "Forbidden", After: 1}
	for name, wrong := range map[string]struct {
		fault   simulator.Fault
		summary string
	}{
		"bitbucket_repository_user_permission":  {level, "Bitbucket granted another permission"},
		"bitbucket_repository_group_permission": {level, "Bitbucket granted another permission"},
		"bitbucket_project_user_permission":     {level, "Bitbucket granted another permission"},
		"bitbucket_project_group_permission":    {level, "Bitbucket granted another permission"},
		"bitbucket_group":                       {settings, "Unable to set up group"},
		"bitbucket_workspace_invitation":        {second, "Unable to invite"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			i := thingOf(t, w, name)
			switch name {
			case "bitbucket_group":
				i = i.with(map[string]tftypes.Value{"permission": str("read")})
			case "bitbucket_workspace_invitation":
				both := []tftypes.Value{str(w.Developers), str(w.AddGroup("acme", simulator.Group{Name: "Ops"}).Slug)}
				i = i.with(map[string]tftypes.Value{"group_slugs": tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, both)})
			}
			w.Inject(wrong.fault)
			made := i.attempt(t, &tfprotov6.ApplyResourceChangeResponse{}, false)
			expectOneError(t, name, made.Diagnostics, wrong.summary)
			if unmarshal(t, i.schema(), made.NewState).IsNull() {
				t.Fatalf("%s: what was made is not in the state", name)
			}
			i.expect(t, "after it was made otherwise", made.NewIdentity, i.parts(t, made.NewState))
		})
	}
}
