package provider_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// absent is an attribute that a state does not have.
type absent struct{}

// changedTo returns a document with some attributes changed.
func changedTo(d, changes document) document {
	d = maps.Clone(d)
	maps.Copy(d, changes)
	maps.DeleteFunc(d, func(_ string, value any) bool { return value == any(absent{}) })
	return d
}

// raw is a document as a state file holds it.
func raw(t *testing.T, d document) *tfprotov6.RawState {
	t.Helper()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return &tfprotov6.RawState{JSON: text}
}

// upgrade hands a state to the provider as Terraform finds it.
func upgrade(t *testing.T, s *server, name string, version int64, state *tfprotov6.RawState) *tfprotov6.UpgradeResourceStateResponse {
	t.Helper()
	answer, err := s.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: name, Version: version, RawState: state})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// valuesOf are a document as Terraform has it.
func valuesOf(d document) map[string]tftypes.Value {
	all := map[string]tftypes.Value{}
	for name, value := range d {
		kind := tftypes.Type(tftypes.String)
		if _, is := value.(bool); is {
			kind = tftypes.Bool
		}
		all[name] = tftypes.NewValue(kind, value)
	}
	return all
}

// expectPlan refreshes a state that has no identity and demands what Terraform plans then with a configuration: "" is nothing. What still
// exists must get its identity.
func (i identified) expectPlan(t *testing.T, state *tfprotov6.DynamicValue, config document, identity map[string]string, want string) {
	t.Helper()
	schema := i.schemas.ResourceSchemas[i.name]
	configuration := configOf(t, schema, valuesOf(config))
	valid, err := i.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: i.name, Config: configuration})
	mustPassOrWarn(t, "ValidateResourceConfig", err, valid.Diagnostics)
	read, err := i.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: i.name, CurrentState: state})
	mustPass(t, "ReadResource", err, read.Diagnostics)
	before := unmarshal(t, schema, read.NewState)
	if !before.IsNull() {
		i.expect(t, "after the refresh", read.NewIdentity, identity)
	}
	var prior, proposed map[string]tftypes.Value
	if err := errors.Join(before.As(&prior), unmarshal(t, schema, configuration).As(&proposed)); err != nil {
		t.Fatal(err)
	}
	for _, a := range schema.Block.Attributes {
		if !a.Computed || !proposed[a.Name].IsNull() {
			continue
		}
		if proposed[a.Name] = prior[a.Name]; before.IsNull() {
			proposed[a.Name] = tftypes.NewValue(a.ValueType(), tftypes.UnknownValue)
		}
	}
	plan, err := i.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: i.name, PriorState: read.NewState, Config: configuration, PriorIdentity: read.NewIdentity,
		ProposedNewState: dynamic(t, tftypes.NewValue(schema.ValueType(), proposed)),
	})
	mustPassOrWarn(t, "PlanResourceChange", err, plan.Diagnostics)
	got := "update"
	switch {
	case before.IsNull():
		got = "create"
	case len(plan.RequiresReplace) > 0:
		got = "replace"
	case unmarshal(t, schema, plan.PlannedState).Equal(before):
		got = ""
	}
	if got != want {
		t.Errorf("the plan is to %q, not to %q", got, want)
	}
}

// oldState is a state of version 0 that has met this provider: how it and its configuration differ from those of DrFaust92/bitbucket, what has
// happened in Bitbucket since, and what Terraform is to plan; "" is nothing.
type oldState struct {
	about, typeName string
	state, config   document
	since           func(w *acctest.World)
	want            string
}

// oldStates are states of all six types, in a world that is always the same.
func oldStates(w *acctest.World) []oldState {
	const group, membership = "bitbucket_group", "bitbucket_group_membership"
	uuid, grace := workspaceUUID(w), w.Grace.UUID
	leave, remove := func(w *acctest.World) { w.RemoveMember("acme", grace) }, func(w *acctest.World) { w.RemoveGroup("acme", "developers") }
	with := func(g simulator.Group) func(*acctest.World) {
		return func(w *acctest.World) { w.UpdateGroup("acme", "developers", g) }
	}
	reading, adding := with(simulator.Group{Name: "Developers", Permission: "read"}), with(simulator.Group{Name: "Developers", AutoAdd: true})
	byUUID, read, auto, byID := document{"workspace": uuid}, document{"permission": "read"}, document{"auto_add": true}, document{"uuid": absent{}, "user_id": grace}
	noise := document{
		"timeouts": document{"create": "10m", "delete": nil}, "links": []any{document{"self": []any{}}}, "size": 1e21, "nothing": nil, "flag": true, "id": absent{},
	}
	rows := []oldState{
		{"no permission", group, document{"permission": nil}, nil, nil, ""},
		{"the permission none", group, document{"permission": "none"}, nil, nil, ""},
		{"a permission that is absent", group, document{"permission": absent{}}, nil, nil, ""},
		{"a permission that is a number", group, document{"permission": 5}, nil, nil, ""},
		{"a permission", group, read, read, reading, ""},
		{"a permission that was taken away", group, read, read, nil, "update"},
		{"a permission that was given", group, nil, nil, reading, "update"},
		{"no auto_add", group, document{"auto_add": nil}, nil, nil, ""},
		{"an auto_add that is absent", group, document{"auto_add": absent{}}, nil, nil, ""},
		{"an auto_add that is a text", group, document{"auto_add": "true"}, nil, nil, ""},
		{"auto_add", group, auto, auto, adding, ""},
		{"an auto_add that was taken away", group, auto, auto, nil, "update"},
		{"of zahiar", group, document{"workspace": uuid, "permission": "none", "auto_add": absent{}, "email_forwarding_disabled": absent{}}, nil, nil, ""},
		{"another name", group, nil, nil, with(simulator.Group{Name: "Builders"}), "create"},
		{"taken out", membership, nil, nil, func(w *acctest.World) { w.RemoveGroupMember("acme", "developers", grace) }, "create"},
		{"under the name of today", membership, nil, byID, nil, "update"},
		{"of this provider, by user_id", membership, document{"uuid": nil, "user_id": grace, "slug": absent{}}, byID, nil, ""},
		{"of this provider, by uuid", membership, document{"user_id": grace}, nil, nil, ""},
		{"of this provider, by account id", membership, document{"uuid": nil, "user_id": w.Grace.AccountID}, byID, nil, ""},
	}
	states, _ := drfaust(w)
	for _, k := range states {
		other := document{"workspace": strings.ToUpper(uuid)}
		rows = append(
			rows,
			oldState{"as it is", k.typeName, nil, nil, nil, ""},
			oldState{"the workspace by UUID", k.typeName, byUUID, nil, nil, ""},
			oldState{"the workspace by UUID in the configuration too", k.typeName, byUUID, byUUID, nil, ""},
			oldState{"the workspace by UUID in other words", k.typeName, other, document{"workspace": strings.Trim(uuid, "{}")}, nil, ""},
			oldState{"attributes that nobody knows", k.typeName, noise, nil, nil, ""},
		)
		user := map[bool]string{true: "uuid", false: "user_id"}[k.typeName == membership]
		if k.attributes[user] == nil {
			rows = append(rows, oldState{"a group that was deleted", k.typeName, nil, nil, remove, "create"})
			continue
		}
		rows = append(rows, oldState{"a person who has left", k.typeName, nil, nil, leave, "create"})
		for _, id := range []string{strings.ToUpper(grace), strings.Trim(grace, "{}"), w.Grace.AccountID} {
			rows = append(rows, oldState{"the user as " + id, k.typeName, document{user: id}, document{user: id}, nil, ""})
			if user == "user_id" {
				rows = append(rows, oldState{"the user as " + id + " in the state only", k.typeName, document{user: id}, nil, nil, ""})
			}
		}
	}
	for _, c := range grantCases {
		raise, revoke := func(w *acctest.World) { w.Grant(c.live(w, "admin")) }, func(w *acctest.World) { w.Revoke(c.live(w, "")) }
		destroy := func(w *acctest.World) { w.RemoveRepository("acme", "api"); w.RemoveProject("acme", "PLAT") }
		name, admin, none, own := "bitbucket_"+c.name, document{"permission": "admin"}, document{"permission": "none"}, document{"allow_self_lockout": true}
		rows = append(
			rows,
			oldState{"escalated", name, nil, nil, raise, "update"},
			oldState{"escalated as the state knows", name, admin, nil, raise, "update"},
			oldState{"another level in the state", name, admin, nil, nil, ""},
			oldState{"none that was given meanwhile", name, none, nil, nil, ""},
			oldState{"none", name, none, nil, revoke, "create"},
			oldState{"revoked", name, nil, nil, revoke, "create"},
			oldState{"an object that is gone", name, nil, nil, destroy, "create"},
			oldState{"of this provider", name, own, own, nil, ""},
		)
	}
	return rows
}

func TestAStateOfVersionZeroPlansWhatHasChangedSinceAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, test := range oldStates(acctest.New(t, simulator.Options{})) {
		t.Run(test.typeName+", "+test.about, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			adopted(w)
			states, _ := drfaust(w)
			old := states[slices.IndexFunc(states, func(k kept) bool { return k.typeName == test.typeName })].attributes
			if test.since != nil {
				test.since(w)
			}
			i := identifiedBy(t, connected(t, w), owned{resource: test.typeName})
			before, asked := w.Snapshot(), len(w.Journal())
			state := changedTo(old, test.state)
			upgraded := upgrade(t, i.server, test.typeName, 0, raw(t, state))
			mustPass(t, "UpgradeResourceState", nil, upgraded.Diagnostics)
			if got := len(w.Journal()); got != asked {
				t.Errorf("upgrading sends %d requests", got-asked)
			}
			i.expectPlan(t, upgraded.UpgradedState, changedTo(move{to: test.typeName, state: old}.config(), test.config),
				move{to: test.typeName, state: state}.identity(), test.want)
			expectSameWorld(t, before, w.Snapshot())
		})
	}
}

func TestAStateOfVersionZeroThatIsNoObjectIsRefused(t *testing.T) {
	t.Parallel()
	s := newServer(t, acctest.Factories())
	for name := range movable(t, s) {
		states := []*tfprotov6.RawState{{Flatmap: map[string]string{"workspace": "acme"}}} // of Terraform 0.11
		for _, text := range []string{"", "null", "[]", "[{}]", `"acme"`, "5", "true", "{", "{}", `{"workspace"}`} {
			states = append(states, &tfprotov6.RawState{JSON: []byte(text)})
		}
		for _, state := range states {
			upgraded := upgrade(t, s, name, 0, state)
			expectRefusal(t, upgraded.UpgradedState, upgraded.Diagnostics, "Unable to take over "+name, "Its state", "terraform state rm", "import")
		}
	}
}

func TestAStateOfTodayIsNotChangedByAnUpgrade(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	states, _ := drfaust(w)
	s := newServer(t, acctest.Factories())
	for _, k := range states {
		schema := s.schemas.ResourceSchemas[k.typeName]
		state := move{to: k.typeName, state: k.attributes}.config()
		// An upgrade would change each of these, or refuse them.
		odd := document{"permission": "none", "slug": "", "uuid": "", "user_id": "somebody", "auto_add": true, "allow_self_lockout": true}
		for name, value := range odd {
			if slices.ContainsFunc(schema.Block.Attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == name }) {
				state[name] = value
			}
		}
		upgraded := upgrade(t, s, k.typeName, schema.Version, raw(t, state))
		mustPass(t, "UpgradeResourceState", nil, upgraded.Diagnostics)
		want := unmarshal(t, schema, configOf(t, schema, valuesOf(state)))
		if got := unmarshal(t, schema, upgraded.UpgradedState); !got.Equal(want) {
			t.Errorf("%s is %s, want %s", k.typeName, got, want)
		}
	}
}
