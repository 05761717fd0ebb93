# A repository owned by its team: the team writes, its leads administer, and nobody else has an explicit permission. Who is in the team
# is owned the same way.

terraform {
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }
}

provider "bitbucket" {
  workspaces = ["acme"]
}

locals {
  team  = ["grace@acme.example", "linus@acme.example"]
  leads = ["grace@acme.example"]
}

data "bitbucket_users" "team" {
  workspace = "acme"
  emails    = local.team
}

resource "bitbucket_group_members_exclusive" "team" {
  workspace  = "acme"
  group_slug = "developers"
  user_ids   = [for email in local.team : data.bitbucket_users.team.by_email[email].uuid]
}

resource "bitbucket_repository_permissions_exclusive" "api" {
  workspace = "acme"
  repo_slug = "api"

  groups = { developers = "write" }
  users  = { for email in local.leads : data.bitbucket_users.team.by_email[email].uuid => "admin" }
}
