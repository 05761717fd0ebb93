# The permissions of groups on all projects of a workspace.
list "bitbucket_project_group_permission" "all" {
  provider = bitbucket
  limit    = 10000 # Terraform's default is 100

  config {
    workspace = "acme"
  }
}

# On one project.
list "bitbucket_project_group_permission" "platform" {
  provider = bitbucket
  limit    = 1000

  config {
    workspace   = "acme"
    project_key = "PLAT"
  }
}
