terraform {
  required_providers {
    bitbucket = {
      source = "DrFaust92/bitbucket" # keeps the repositories, projects, hooks and all that is not about access
    }
    bitbucket-access = {
      source = "bitbucket-access/bitbucket"
    }
  }
}

resource "bitbucket_repository_group_permission" "developers" {
  provider = bitbucket-access # the only line that is new

  workspace  = "acme"
  repo_slug  = "api"
  group_slug = "developers"
  permission = "write"
}
