terraform {
  required_version = ">= 1.8" # OpenTofu 1.10
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket" # was zahiar/bitbucket
    }
  }
}

resource "bitbucket_group" "developers" {
  workspace = "acme"
  name      = "Developers"
}

resource "bitbucket_group_membership" "grace" {
  workspace  = "acme"
  group_slug = bitbucket_group.developers.slug
  user_id    = "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}"
}

moved {
  from = bitbucket_group_member.grace
  to   = bitbucket_group_membership.grace
}

resource "bitbucket_repository_group_permission" "developers" {
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = bitbucket_group.developers.slug
  permission = "write"
}

moved {
  from = bitbucket_group_permission.developers
  to   = bitbucket_repository_group_permission.developers
}

resource "bitbucket_repository_user_permission" "grace" {
  workspace  = "acme"
  repo_slug  = "api"
  user_id    = "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}"
  permission = "admin"
}

moved {
  from = bitbucket_user_permission.grace
  to   = bitbucket_repository_user_permission.grace
}
