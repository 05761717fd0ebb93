import {
  to = bitbucket_repository_group_permission.developers
  identity = {
    workspace  = "acme"
    repo_slug  = "api"
    group_slug = "developers"
  }
}
