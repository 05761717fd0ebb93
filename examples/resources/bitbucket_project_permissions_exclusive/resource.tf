# Only groups have access to the project, and to its repositories through it.
resource "bitbucket_project_permissions_exclusive" "plat" {
  workspace   = "acme"
  project_key = "PLAT"

  groups = {
    developers = "create-repo"
  }
  users = {}
}
