data "bitbucket_user" "grace" {
  workspace = "acme"
  email     = "grace@acme.example"
}

resource "bitbucket_repository_user_permission" "grace" {
  workspace  = "acme"
  repo_slug  = "api"
  user_id    = data.bitbucket_user.grace.uuid
  permission = "admin"
}
