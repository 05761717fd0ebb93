# What somebody has done by hand: Linus administers the repository.

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
  permission = "admin"
}
