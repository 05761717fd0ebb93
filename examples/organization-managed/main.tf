# A team on a workspace that is administered at admin.atlassian.com. Nothing here is special but where people come from: they are found
# in the organization too, and are named by their account ids, because who is not in the workspace yet has no UUID there.

terraform {
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }
}

# BITBUCKET_USERNAME and BITBUCKET_API_TOKEN, ATLASSIAN_ORG_ID and ATLASSIAN_ADMIN_API_KEY come from the environment.
provider "bitbucket" {
  workspaces = [var.workspace]
}

variable "workspace" {
  description = "The workspace that the team works in."
  type        = string
  default     = "acme-cloud"
}

variable "team" {
  description = "The e-mail addresses of the team."
  type        = set(string)
}

data "bitbucket_users" "team" {
  workspace = var.workspace
  emails    = var.team
}

resource "bitbucket_group" "mobile" {
  workspace = var.workspace
  name      = "Mobile"
}

resource "bitbucket_group_membership" "mobile" {
  for_each = var.team

  workspace  = var.workspace
  group_slug = bitbucket_group.mobile.slug
  user_id    = data.bitbucket_users.team.by_email[each.key].account_id
}

resource "bitbucket_repository_group_permission" "mobile" {
  workspace  = var.workspace
  repo_slug  = "mobile-app"
  group_slug = bitbucket_group.mobile.slug
  permission = "write"
}
