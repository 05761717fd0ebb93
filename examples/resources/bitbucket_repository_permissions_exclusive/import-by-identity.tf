import {
  to = bitbucket_repository_permissions_exclusive.api
  identity = {
    workspace = "acme"
    repo_slug = "api"
  }
}
