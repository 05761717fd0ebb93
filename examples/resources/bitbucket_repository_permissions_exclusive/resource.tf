# A repository owned by its team: the group writes, one person administers, and nobody else has an explicit permission.
data "bitbucket_user" "grace" {
  workspace = "acme"
  email     = "grace@acme.example"
}

resource "bitbucket_repository_permissions_exclusive" "api" {
  workspace = "acme"
  repo_slug = "api"

  groups = {
    developers = "write"
  }
  users = {
    (data.bitbucket_user.grace.uuid) = "admin"
  }
}
