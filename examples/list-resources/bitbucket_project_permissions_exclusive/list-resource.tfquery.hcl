# The lists of all projects of a workspace.
list "bitbucket_project_permissions_exclusive" "all" {
  provider = bitbucket
  limit    = 10000 # Terraform's default is 100

  config {
    workspace = "acme"
  }
}

# The list of one project.
list "bitbucket_project_permissions_exclusive" "one" {
  provider         = bitbucket
  limit            = 1000
  include_resource = true

  config {
    workspace   = "acme"
    project_key = "PLAT"
  }
}
