terraform {
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }
}

data "bitbucket_groups" "all" {
  workspace = "acme"
}

data "bitbucket_projects" "all" {
  workspace = "acme"
}

data "bitbucket_project_permissions" "all" {
  for_each    = toset(data.bitbucket_projects.all.projects[*].key)
  workspace   = "acme"
  project_key = each.key
}

data "bitbucket_repositories" "all" {
  workspace = "acme"
}

data "bitbucket_repository_permissions" "all" {
  for_each  = toset(data.bitbucket_repositories.all.repositories[*].slug)
  workspace = "acme"
  repo_slug = each.key
}

locals {
  # The import ids of what there is, by the type that manages it.
  found = {
    bitbucket_group                       = data.bitbucket_groups.all.groups[*].import_id
    bitbucket_group_membership            = flatten(data.bitbucket_groups.all.groups[*].members[*].import_id)
    bitbucket_project_user_permission     = flatten([for p in data.bitbucket_project_permissions.all : p.users[*].import_id])
    bitbucket_project_group_permission    = flatten([for p in data.bitbucket_project_permissions.all : p.groups[*].import_id])
    bitbucket_repository_user_permission  = flatten([for r in data.bitbucket_repository_permissions.all : r.users[*].import_id])
    bitbucket_repository_group_permission = flatten([for r in data.bitbucket_repository_permissions.all : r.groups[*].import_id])
  }
}

# An import block for each of them, as a text to be saved. Slugs may hold what names of resources may not, so the id's hash keeps them apart.
output "imports" {
  value = join("\n", flatten([
    for type, ids in local.found : [
      for id in ids : <<-EOT
        import {
          to = ${type}.in_${replace(replace(id, "/[{}]/", ""), "/[^0-9A-Za-z-]/", "_")}_${substr(sha1(id), 0, 6)}
          id = "${id}"
        }
      EOT
    ]
  ]))
}
