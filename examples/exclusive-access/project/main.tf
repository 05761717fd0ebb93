# A whole project: groups have access to the project, and its repositories have no permissions of their own, but for those named here. A
# repository that is added to the project is in the next plan.

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

locals {
  exceptions = {
    api = { developers = "admin" } # repository = groups and what they may do there
  }
}

data "bitbucket_repositories" "plat" {
  workspace   = "acme"
  project_key = "PLAT"
}

resource "bitbucket_project_permissions_exclusive" "plat" {
  workspace   = "acme"
  project_key = "PLAT"

  groups = { developers = "write" }
  users  = {}
}

resource "bitbucket_repository_permissions_exclusive" "plat" {
  for_each = toset(data.bitbucket_repositories.plat.repositories[*].slug)

  workspace = "acme"
  repo_slug = each.key

  groups        = lookup(local.exceptions, each.key, {})
  users         = {}
  ignore_groups = ["bitbucket-users-acme"] # the organization gives it read on every new repository
}
