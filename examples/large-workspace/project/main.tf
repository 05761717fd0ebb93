# The access to one project and to each of its repositories: one resource for each list, and two requests to read it.

terraform {
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }
}

variable "workspace" {
  description = "The slug of the workspace."
  type        = string
}

variable "project_key" {
  description = "The key of the project."
  type        = string
}

variable "groups" {
  description = "What groups may do in all of the project: slug = permission."
  type        = map(string)
}

variable "repositories" {
  description = "Who may do more in a repository, by its slug."
  type = map(object({
    groups = optional(map(string), {})
    users  = optional(map(string), {})
  }))
}

resource "bitbucket_project_permissions_exclusive" "project" {
  workspace   = var.workspace
  project_key = var.project_key

  groups = var.groups
  users  = {}
}

resource "bitbucket_repository_permissions_exclusive" "repository" {
  for_each = var.repositories

  workspace = var.workspace
  repo_slug = each.key

  groups = each.value.groups
  users  = each.value.users
}
