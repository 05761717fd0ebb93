# What somebody does by hand: Radia is a developer, and nobody has written that down.

terraform {
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }
}

data "bitbucket_user" "radia" {
  workspace = "acme"
  email     = "radia@acme.example"
}

resource "bitbucket_group_membership" "radia" {
  workspace  = "acme"
  group_slug = "developers"
  user_id    = data.bitbucket_user.radia.uuid
}
