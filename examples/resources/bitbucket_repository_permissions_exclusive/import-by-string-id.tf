import {
  to = bitbucket_repository_permissions_exclusive.api
  id = "acme/api"
}
