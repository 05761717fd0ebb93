terraform {
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }
}

removed {
  from = bitbucket_repository_group_permission.old

  lifecycle {
    destroy = false
  }
}

import {
  to = bitbucket_repository_group_permission.developers
  id = "acme/api/developers"
}

resource "bitbucket_repository_group_permission" "developers" {
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = "developers"
  permission = "write"
}
