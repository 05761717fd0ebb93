# Report first, enforce later: while enforce is false nothing is revoked, and the output lists who has access without being named. When
# the list is as it should be, enforce = true makes a plan that names everybody who loses access.

terraform {
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }
}

provider "bitbucket" {
  workspaces = ["acme"]
}

variable "enforce" {
  description = "Whether access that is not named here is revoked."
  type        = bool
  default     = false
}

resource "bitbucket_repository_permissions_exclusive" "api" {
  workspace = "acme"
  repo_slug = "api"
  unmanaged = var.enforce ? "revoke" : "report"

  groups = { developers = "write" }
  users  = {}
}

# In CI, "plan -detailed-exitcode" ends with 2 when this list changes.
output "unmanaged" {
  description = "Who has access to the repository without being named."
  value       = bitbucket_repository_permissions_exclusive.api.extras
}
