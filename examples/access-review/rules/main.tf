# A rule about who may write, by whatever path: the plan fails and names whoever breaks it.

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

data "bitbucket_effective_access" "api" {
  workspace  = "acme"
  repo_slugs = ["api"]
}

locals {
  writers = [for row in data.bitbucket_effective_access.api.access : row if row.permission != "read"]

  # Whoever writes without being a developer or an administrator of the workspace.
  others = [
    for row in local.writers : "${row.display_name} (${row.permission})"
    if !anytrue([for path in row.paths : path.scope == "workspace" || path.group_slug == "developers"])
  ]
}

output "writers" {
  description = "Who may write to the repository."
  value       = local.writers[*].display_name

  precondition {
    condition     = length(local.others) == 0
    error_message = "Only developers may write to the repository api. These people may too: ${join(", ", local.others)}."
  }
}
