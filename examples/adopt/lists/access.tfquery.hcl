# Every list as a whole: one resource for each repository, project and group.
list "bitbucket_repository_permissions_exclusive" "repository" {
  provider = bitbucket
  limit    = 10000

  config {
    workspace = "acme"
  }
}

list "bitbucket_project_permissions_exclusive" "project" {
  provider = bitbucket
  limit    = 10000

  config {
    workspace = "acme"
  }
}

list "bitbucket_group_members_exclusive" "group" {
  provider = bitbucket
  limit    = 1000

  config {
    workspace = "acme"
  }
}
