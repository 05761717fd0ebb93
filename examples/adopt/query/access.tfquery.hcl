# Everything that can be managed one by one. The default limit is 100.
list "bitbucket_group" "group" {
  provider = bitbucket
  limit    = 1000

  config {
    workspace = "acme"
  }
}

list "bitbucket_group_membership" "member" {
  provider = bitbucket
  limit    = 10000

  config {
    workspace = "acme"
  }
}

list "bitbucket_project_user_permission" "project_user" {
  provider = bitbucket
  limit    = 10000

  config {
    workspace = "acme"
  }
}

list "bitbucket_project_group_permission" "project_group" {
  provider = bitbucket
  limit    = 10000

  config {
    workspace = "acme"
  }
}

list "bitbucket_repository_user_permission" "repository_user" {
  provider = bitbucket
  limit    = 10000

  config {
    workspace = "acme"
  }
}

list "bitbucket_repository_group_permission" "repository_group" {
  provider = bitbucket
  limit    = 10000

  config {
    workspace = "acme"
  }
}
