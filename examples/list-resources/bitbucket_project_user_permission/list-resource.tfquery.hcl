# The permissions of users on all projects of a workspace.
list "bitbucket_project_user_permission" "all" {
  provider = bitbucket
  limit    = 10000 # Terraform's default is 100

  config {
    workspace = "acme"
  }
}

# On one project.
list "bitbucket_project_user_permission" "platform" {
  provider = bitbucket
  limit    = 1000

  config {
    workspace   = "acme"
    project_key = "PLAT"
  }
}
