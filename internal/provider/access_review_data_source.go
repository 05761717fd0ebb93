package provider

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/review"
)

// reviewModel is effective access for people to read, in Terraform.
type reviewModel struct {
	effectiveArguments

	Title  types.String      `tfsdk:"title"`
	Tables []string          `tfsdk:"tables"`
	HTML   types.String      `tfsdk:"html"`
	CSV    map[string]string `tfsdk:"csv"`
}

func newAccessReviewDataSource() datasource.DataSource {
	return &dataSource[reviewModel]{
		name: "access_review",
		about: "Who may do what on repositories, and why, for people to read: as a page and as tables. " + aboutEffective + "\n\nWhat it tells changes only when " +
			"access does, so that an output of it shows drift. See the guide [Review access](../guides/review-access).",
		attributes: with(map[string]schema.Attribute{
			"title": optional("The title of the page. Default: `Access review of <workspace>`. Name the occasion here and not the time, which would change it in each "+
				"plan.", notEmpty),
			"tables": schema.SetAttribute{
				MarkdownDescription: "Only these tables: " + oneOf(tableNames()) + ". Default: all. At 500 people and 500 repositories `access` has up to 250,000 rows, " +
					"which are some 50 MB in the state.",
				ElementType: types.StringType,
				Optional:    true,
				Validators:  []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(stringvalidator.OneOf(tableNames()...))},
			},
			"html": text("A page that needs nothing else, to be written into a file with `terraform output -raw`: people and repositories, coloured by permission, " +
				"with filters, the paths behind each permission, and findings."),
			"csv": schema.MapAttribute{
				MarkdownDescription: "Tables that open in a spreadsheet and that governance tools import, by name:\n" + aboutTables(),
				ElementType:         types.StringType,
				Computed:            true,
			},
		}, argumentsOfEffective()),
		read: readReview,
	}
}

func readReview(ctx context.Context, d *access.Directory, m *reviewModel) error {
	e, err := d.Effective(ctx, m.query())
	if err != nil {
		return err
	}
	html, err := review.Page(cmp.Or(m.Title.ValueString(), "Access review of "+e.Workspace), e)
	if err != nil {
		return err
	}
	m.HTML, m.CSV = types.StringValue(html), map[string]string{}
	names := m.Tables
	if names == nil {
		names = tableNames()
	}
	for _, name := range names {
		if m.CSV[name], err = review.CSV(name, e); err != nil {
			return err
		}
	}
	return nil
}

// tableNames are the names of all tables.
func tableNames() []string {
	return each(review.Tables, func(t review.Table) string { return t.Name })
}

// aboutTables lists the tables.
func aboutTables() string {
	var text strings.Builder
	for _, table := range review.Tables {
		fmt.Fprintf(&text, "  - `%s`: %s Columns: `%s`.\n", table.Name, table.Description, strings.Join(table.Columns, "`, `"))
	}
	return text.String()
}
