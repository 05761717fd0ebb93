data "bitbucket_user" "grace" {
  workspace = "acme"
  email     = "grace@acme.example"
}

resource "bitbucket_project_user_permission" "grace" {
  workspace   = "acme"
  project_key = "PLAT"
  user_id     = data.bitbucket_user.grace.uuid
  permission  = "admin"
}
