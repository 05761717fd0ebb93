package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// shared is what every resource and data source has: the directory of the run. It is nil while the provider's configuration is
// not known.
type shared struct{ directory *access.Directory }

// configure takes the directory; Terraform calls it without one when it only validates.
func (s *shared) configure(data any) { s.directory, _ = data.(*access.Directory) }

// ready reports that nothing can be asked of Bitbucket because the provider's configuration is not known.
func (s *shared) ready(action string, diags *diag.Diagnostics) bool {
	if s.directory == nil {
		diags.AddError("Unable to "+action, notConfigured)
	}
	return s.directory != nil
}

const notConfigured = "The configuration of the provider depends on values that are known only after apply. Apply what they come from first, with -target, " +
	"or give the provider its configuration through the environment."
