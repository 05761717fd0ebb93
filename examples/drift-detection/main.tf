# What the pipelines watch: the lists of a repository and of two groups, and two permissions on a project.

terraform {
  required_version = ">= 1.5"
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }

  # All runs share one state. The variables TF_HTTP_ADDRESS, TF_HTTP_USERNAME and TF_HTTP_PASSWORD say where it is; any other backend will do.
  backend "http" {}
}

provider "bitbucket" {
  workspaces = ["acme"]
}

locals {
  platform = jsondecode(file("${path.module}/platform.json")) # who may be admin, for the policy too
}

# So that the summary can call people by their names.
data "bitbucket_users" "all" {
  workspace = "acme"
}

# Exclusive: whoever else has access loses it with the next apply.
resource "bitbucket_repository_permissions_exclusive" "api" {
  workspace = "acme"
  repo_slug = "api"

  groups = {
    developers = "write"
    platform   = "admin"
  }
  users = {}
}

resource "bitbucket_group_members_exclusive" "platform" {
  workspace  = "acme"
  group_slug = "platform"
  user_ids   = keys(local.platform.people)
}

# Exclusive, but only reported: the summary lists whoever else is in the group.
resource "bitbucket_group_members_exclusive" "developers" {
  workspace  = "acme"
  group_slug = "developers"
  unmanaged  = "report"

  user_ids = [
    "{571778ae-b73c-40d2-87be-88edffa4ecc7}", # Linus
    "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}", # Grace
  ]
}

# With this output, plan -detailed-exitcode ends with 2 when the list is another one than at the last apply.
output "unmanaged" {
  description = "Who is in the group without being named."
  value       = bitbucket_group_members_exclusive.developers.extras
}

# Additive: what others have on the project stays unseen.
resource "bitbucket_project_group_permission" "developers" {
  workspace   = "acme"
  project_key = "PLAT"
  group_slug  = "developers"
  permission  = "write"
}

resource "bitbucket_project_user_permission" "linus" {
  workspace   = "acme"
  project_key = "PLAT"
  user_id     = "{571778ae-b73c-40d2-87be-88edffa4ecc7}"
  permission  = "create-repo"
}
