package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// shared is what every resource and data source has: the directory of the run. It is nil while Terraform only validates, and while
// the provider's configuration is not known.
type shared struct{ directory *access.Directory }

// managed is what every resource has.
type managed struct{ shared }

// Configure takes the directory.
func (m *managed) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	m.directory, _ = req.ProviderData.(*access.Directory)
}

// queried is what every data source has.
type queried struct{ shared }

// Configure takes the directory.
func (q *queried) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	q.directory, _ = req.ProviderData.(*access.Directory)
}

// ready reports that nothing can be asked of Bitbucket because the provider's configuration is not known.
func (s *shared) ready(action string, diags *diag.Diagnostics) bool {
	if s.directory == nil {
		diags.AddError("Unable to "+action, notConfigured)
	}
	return s.directory != nil
}

const notConfigured = "The configuration of the provider depends on values that are known only after apply. Apply what they come from first, with -target, " +
	"or give the provider its configuration through the environment."
