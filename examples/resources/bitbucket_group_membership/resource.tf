data "bitbucket_user" "grace" {
  workspace = "acme"
  email     = "grace@acme.example"
}

resource "bitbucket_group_membership" "grace" {
  workspace  = "acme"
  group_slug = "developers"
  user_id    = data.bitbucket_user.grace.uuid
}
