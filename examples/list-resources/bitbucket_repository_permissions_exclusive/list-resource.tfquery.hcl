# The lists of all repositories of a workspace.
list "bitbucket_repository_permissions_exclusive" "all" {
  provider = bitbucket
  limit    = 10000 # Terraform's default is 100

  config {
    workspace = "acme"
  }
}

# The lists of the repositories of one project.
list "bitbucket_repository_permissions_exclusive" "one" {
  provider         = bitbucket
  limit            = 1000
  include_resource = true

  config {
    workspace   = "acme"
    project_key = "PLAT"
  }
}
