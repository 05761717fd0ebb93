import {
  to = bitbucket_repository_group_permission.developers
  id = "acme/api/developers"
}
