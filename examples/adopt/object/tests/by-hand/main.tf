# What has been given by hand and is to be adopted.

terraform {
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }
}

resource "bitbucket_repository_user_permission" "linus" {
  workspace  = "acme"
  repo_slug  = "api"
  user_id    = "{571778ae-b73c-40d2-87be-88edffa4ecc7}"
  permission = "write"
}

resource "bitbucket_repository_group_permission" "developers" {
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = "developers"
  permission = "read"
}
