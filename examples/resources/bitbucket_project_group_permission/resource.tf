resource "bitbucket_project_group_permission" "developers" {
  workspace   = "acme"
  project_key = "PLAT"
  group_slug  = "developers"
  permission  = "create-repo"
}
