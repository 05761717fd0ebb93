# The permissions of groups on all repositories of a workspace.
list "bitbucket_repository_group_permission" "all" {
  provider = bitbucket
  limit    = 10000 # Terraform's default is 100

  config {
    workspace = "acme"
  }
}

# On the repositories of one project, with all that the resources would hold.
list "bitbucket_repository_group_permission" "platform" {
  provider         = bitbucket
  limit            = 1000
  include_resource = true

  config {
    workspace   = "acme"
    project_key = "PLAT"
  }
}

# On one repository.
list "bitbucket_repository_group_permission" "api" {
  provider = bitbucket
  limit    = 1000

  config {
    workspace = "acme"
    repo_slug = "api"
  }
}
