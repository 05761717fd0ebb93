# A team's access: who is in the team, what the team may do in its project, and who looks after which repository.

terraform {
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }
}

provider "bitbucket" {
  workspaces = [var.workspace]
}

locals {
  # The roster as a human resources system exports it: one row for each person.
  roster = { for row in csvdecode(file("${path.module}/roster.csv")) : row.email => row }

  maintainers = { for pair in setproduct(keys(local.roster), keys(var.repositories)) :
    "${pair[0]} on ${pair[1]}" => { email = pair[0], repo_slug = pair[1] }
    if local.roster[pair[0]].role == "maintainer"
  }
}

# Everyone on the roster, found by e-mail address with one request.
data "bitbucket_users" "roster" {
  workspace = var.workspace
  emails    = keys(local.roster)
}

resource "bitbucket_group" "team" {
  workspace = var.workspace
  name      = var.team
}

resource "bitbucket_group_membership" "team" {
  for_each = local.roster

  workspace  = var.workspace
  group_slug = bitbucket_group.team.slug
  user_id    = data.bitbucket_users.roster.by_email[each.key].uuid
}

resource "bitbucket_project_group_permission" "team" {
  workspace   = var.workspace
  project_key = var.project_key
  group_slug  = bitbucket_group.team.slug
  permission  = "read"
}

resource "bitbucket_repository_group_permission" "team" {
  for_each = var.repositories

  workspace  = var.workspace
  repo_slug  = each.key
  group_slug = bitbucket_group.team.slug
  permission = each.value
}

resource "bitbucket_repository_user_permission" "maintainer" {
  for_each = local.maintainers

  workspace  = var.workspace
  repo_slug  = each.value.repo_slug
  user_id    = data.bitbucket_users.roster.by_email[each.value.email].uuid
  permission = "admin"
}
