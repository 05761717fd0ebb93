terraform {
  required_version = ">= 1.8" # OpenTofu 1.10
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket" # was FabianSchurig/bitbucket
    }
  }
}

resource "bitbucket_repository_group_permission" "developers" {
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = "developers"
  permission = "write"
}

moved {
  from = bitbucket_repo_group_permissions.developers
  to   = bitbucket_repository_group_permission.developers
}

resource "bitbucket_repository_user_permission" "grace" {
  workspace  = "acme"
  repo_slug  = "api"
  user_id    = "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}"
  permission = "admin"
}

moved {
  from = bitbucket_repo_user_permissions.grace
  to   = bitbucket_repository_user_permission.grace
}

resource "bitbucket_project_group_permission" "developers" {
  workspace   = "acme"
  project_key = "PLAT"
  group_slug  = "developers"
  permission  = "create-repo"
}

moved {
  from = bitbucket_project_group_permissions.developers
  to   = bitbucket_project_group_permission.developers
}

resource "bitbucket_project_user_permission" "grace" {
  workspace   = "acme"
  project_key = "PLAT"
  user_id     = "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}"
  permission  = "write"
}

moved {
  from = bitbucket_project_user_permissions.grace
  to   = bitbucket_project_user_permission.grace
}
