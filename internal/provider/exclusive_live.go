package provider

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// liveKey is where the private state keeps who had access at the last refresh. Plan and apply work on the same list by it, though each
// has a process of its own, and plans can name people without asking who they are.
const liveKey = "live"

// liveRow is one entry in the private state.
type liveRow struct {
	Kind       access.PrincipalKind `json:"kind"`
	ID         string               `json:"id,omitempty"`
	AccountID  string               `json:"account_id,omitempty"`
	Name       string               `json:"name,omitempty"`
	Permission access.Permission    `json:"permission"`
}

// privateSetter and privateGetter are the private state of a resource.
type (
	privateSetter interface {
		SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
	}
	privateGetter interface {
		GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	}
)

// remember keeps who has access.
func remember(ctx context.Context, private privateSetter, live access.Roster) diag.Diagnostics {
	text, err := json.Marshal(each(live.All(), func(g access.Grant) liveRow {
		return liveRow{g.Principal.Kind, g.Principal.ID, g.AccountID, g.Name, g.Permission}
	}))
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to keep who has access", err.Error())}
	}
	return private.SetKey(ctx, liveKey, text)
}

// remembered returns who had access at the last refresh; who has it now when that was not kept.
func (r *exclusiveResource) remembered(ctx context.Context, private privateGetter, scope access.Scope) (access.Roster, diag.Diagnostics) {
	text, diags := private.GetKey(ctx, liveKey)
	var rows []liveRow
	if diags.HasError() || text == nil || json.Unmarshal(text, &rows) != nil {
		live, err := r.directory.Entries(ctx, scope)
		if err != nil {
			diags.Append(unable("read "+r.kind.thing, r.directory, err))
		}
		return live, diags
	}
	return access.NewRoster(each(rows, func(row liveRow) access.Grant {
		return access.Grant{
			Scope: scope, Principal: access.Principal{Kind: row.Kind, ID: row.ID}, Permission: row.Permission, AccountID: row.AccountID, Name: row.Name,
		}
	})), diags
}

// show fills in who has access: those whom the model names in the words that it names them by, and others in the columns or, where they
// are only reported, as extras.
func (r *exclusiveResource) show(ctx context.Context, m *exclusiveModel, live access.Roster) error {
	entries, _ := r.kind.entries(*m)
	grants, err := r.directory.Known(ctx, live, r.kind.grants(*m))
	if err != nil {
		return err
	}
	columns := make([]map[string]attr.Value, len(r.kind.columns))
	for i := range columns {
		columns[i] = map[string]attr.Value{}
	}
	for i, n := range entries {
		entry, ok := live.Match(grants[i])
		if ok {
			columns[n.column][n.key] = types.StringValue(string(entry.Permission))
		} else if grants[i].Principal.Kind == access.UserPrincipal {
			r.directory.NoteLost(m.Workspace.ValueString(), n.key)
		}
	}
	_, others := live.Compare(grants)
	others = m.withoutIgnored(others)
	m.Revokes, m.Lowers, m.Extras = r.kind.rows(nil, false), r.kind.rows(nil, true), r.kind.rows(nil, false)
	if m.Unmanaged.ValueString() == reportUnmanaged {
		m.Extras = r.kind.rows(revokes(others), false)
	} else {
		for _, g := range others {
			i := slices.IndexFunc(r.kind.columns, func(c column) bool { return c.principal.kind == g.Principal.Kind })
			columns[i][g.Holder().ID] = types.StringValue(string(g.Permission))
		}
	}
	for i := range columns {
		m.Columns[i] = r.kind.column(columns[i])
	}
	return nil
}

// now fills in who has access after something has failed: as it is read again or, where that fails too, as far as it is known. It tells not
// ok where people cannot be looked up.
func (r *exclusiveResource) now(ctx context.Context, m *exclusiveModel, known access.Roster) (live access.Roster, ok bool) {
	live, err := r.directory.EntriesNow(ctx, r.kind.scopeOf(*m))
	if err != nil {
		live = known
	}
	return live, r.show(ctx, m, live) == nil
}
