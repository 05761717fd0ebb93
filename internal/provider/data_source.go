package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// dataSources are the constructors of all data sources.
var dataSources = []func() datasource.DataSource{
	newCurrentUserDataSource,
	newUserDataSource, newUsersDataSource,
	newWorkspaceDataSource, newWorkspacesDataSource,
	newGroupDataSource, newGroupsDataSource,
	newProjectDataSource, newProjectsDataSource,
	newRepositoryDataSource, newRepositoriesDataSource,
	func() datasource.DataSource { return newPermissionsDataSource(onRepository) },
	func() datasource.DataSource { return newPermissionsDataSource(onProject) },
	newEffectiveAccessDataSource, newAccessReviewDataSource,
}

var _ datasource.DataSourceWithConfigure = (*dataSource[struct{}])(nil)

// dataSource is a data source whose configuration and answer are an M: read finds the arguments in it and fills in the rest.
type dataSource[M any] struct {
	queried
	name       string
	about      string
	attributes map[string]schema.Attribute
	read       func(ctx context.Context, d *access.Directory, m *M) error
}

func (s *dataSource[M]) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = typeName + "_" + s.name
}

func (s *dataSource[M]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{MarkdownDescription: s.about, Attributes: s.attributes}
}

func (s *dataSource[M]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	if !s.ready("read "+typeName+"_"+s.name, &resp.Diagnostics) {
		return
	}
	var m M
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := s.read(ctx, s.directory, &m); err != nil {
		resp.Diagnostics.Append(unable("read "+typeName+"_"+s.name, s.directory, err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// fill takes what was found into the row of a model.
func fill[T, R any](row *R, tell func(T) R) func(found T, err error) error {
	return func(found T, err error) error {
		*row = tell(found)
		return err
	}
}
