# The members of the group are those of this list, and nobody else. People are found by e-mail address: one request for 90 of them.
data "bitbucket_users" "developers" {
  workspace = "acme"
  emails    = ["grace@acme.example", "linus@acme.example"]
}

resource "bitbucket_group_members_exclusive" "developers" {
  workspace  = "acme"
  group_slug = "developers"
  user_ids   = [for user in data.bitbucket_users.developers.users : user.uuid]
}
