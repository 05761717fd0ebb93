terraform {
  required_version = ">= 1.7"
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }
}

data "bitbucket_repository_permissions" "api" {
  workspace = "acme"
  repo_slug = "api"
}

# Who has access now. Write it down here when it is adopted; until then, nobody can lose anything by an apply.
locals {
  users  = { for user in data.bitbucket_repository_permissions.api.users : user.user_id => user.permission }
  groups = { for group in data.bitbucket_repository_permissions.api.groups : group.group_slug => group.permission }
}

resource "bitbucket_repository_user_permission" "api" {
  for_each   = local.users
  workspace  = "acme"
  repo_slug  = "api"
  user_id    = each.key
  permission = each.value
}

resource "bitbucket_repository_group_permission" "api" {
  for_each   = local.groups
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = each.key
  permission = each.value
}

import {
  for_each = { for user in data.bitbucket_repository_permissions.api.users : user.user_id => user.import_id }
  to       = bitbucket_repository_user_permission.api[each.key]
  id       = each.value
}

import {
  for_each = { for group in data.bitbucket_repository_permissions.api.groups : group.group_slug => group.import_id }
  to       = bitbucket_repository_group_permission.api[each.key]
  id       = each.value
}

# "terraform output users" prints the map as it is to be written down.
output "users" {
  value = local.users
}

output "groups" {
  value = local.groups
}
