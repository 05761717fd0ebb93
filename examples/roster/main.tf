# Who is in which group, from the export of an HR system or a directory: joiners are invited, movers change groups, leavers are out.

terraform {
  required_version = ">= 1.5"

  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }
}

provider "bitbucket" {
  workspaces = [var.workspace]
}

# Everybody in the export, 90 people with one request. Of who has left, this tells whether they are still in the workspace.
data "bitbucket_users" "roster" {
  workspace     = var.workspace
  emails        = concat(keys(local.wanted), local.left)
  allow_missing = true

  lifecycle {
    precondition {
      condition     = length(local.faults) == 0
      error_message = "${var.roster_file} cannot be right:\n  - ${join("\n  - ", local.faults)}"
    }
  }
}

data "bitbucket_group" "managed" {
  for_each = local.group_names

  workspace = var.workspace
  name      = each.key
}

locals {
  # Account ids are known of people in the organization too, who have no UUID before they are in the workspace.
  ids     = { for email, user in data.bitbucket_users.roster.by_email : email => coalesce(user.account_id, user.uuid) }
  current = { for name, group in data.bitbucket_group.managed : name => { for member in group.members : coalesce(member.account_id, member.uuid) => member.display_name } }

  # Who is to be in each group, by id. Whom an organization has invited and who has not signed up stays in groups, and is put into further
  # ones by the invitation.
  members = { for name in local.group_names : name => {
    for email in try(local.addresses[name], []) : local.ids[email] => email...
    if can(local.ids[email]) && (can(local.current[name][local.ids[email]]) || !contains(data.bitbucket_users.roster.invited, email))
  } }
  removals = sort(flatten([for name, people in local.current : [for id, person in people : "${person} from ${name}" if !can(local.members[name][id])]]))

  # Who is not in the workspace yet. An organization knows whom it has invited; elsewhere they are missing until they accept.
  joiners = [for email in concat(data.bitbucket_users.roster.missing, data.bitbucket_users.roster.invited) : email if can(local.wanted[email])]

  # Who has left and is still in the workspace: out of the groups here, but with everything else that they have been given.
  still_here = [
    for email in local.left : "${data.bitbucket_users.roster.by_email[email].display_name} (${email}, ${data.bitbucket_users.roster.by_email[email].uuid})"
    if try(data.bitbucket_users.roster.by_email[email].uuid, null) != null
  ]

  administering = [for name in local.group_names : name if lower(name) == "administrators" || startswith(lower(name), "bitbucket-admins-")]
}

# Nothing is planned unless this holds.
resource "terraform_data" "guard" {
  lifecycle {
    precondition {
      condition = length(local.removals) <= var.max_removals
      error_message = join("", [
        "This would take ${length(local.removals)} memberships away, and max_removals is ${var.max_removals}. Is ${var.roster_file} complete? If so, plan with ",
        "-var max_removals=${length(local.removals)}. It would remove:\n  - ",
        join("\n  - ", slice(local.removals, 0, min(20, length(local.removals)))),
        length(local.removals) > 20 ? "\n  - and ${length(local.removals) - 20} more" : "",
      ])
    }
    precondition {
      condition     = length(local.administering) == 0
      error_message = "No export makes administrators: take ${join(", ", local.administering)} out of groups, everyone and others."
    }
  }
}

# Where a plan would destroy one, because no table names its group any more, the error shows the next line.
resource "bitbucket_group_members_exclusive" "managed" { # Destroying empties the group. Let go of it with: terraform state rm
  for_each = local.group_names

  workspace  = var.workspace
  group_slug = data.bitbucket_group.managed[each.key].slug
  user_ids   = keys(local.members[each.key])

  depends_on = [terraform_data.guard]

  lifecycle {
    prevent_destroy = true
  }
}

# After the groups: an organization puts whom it invites into them at once.
resource "bitbucket_workspace_invitation" "joiner" {
  for_each = toset(var.invite ? local.joiners : [])

  workspace   = var.workspace
  email       = each.key
  group_slugs = [for name in local.wanted[each.key] : data.bitbucket_group.managed[name].slug]

  depends_on = [bitbucket_group_members_exclusive.managed]
}

# These warn, and change nothing.
check "leavers_are_out_of_the_workspace" {
  assert {
    condition     = length(local.still_here) == 0
    error_message = "Who has left is still in workspace ${var.workspace}: ${join(", ", local.still_here)}."
  }
}

check "joiners_are_invited" {
  assert {
    condition     = var.invite || length(local.joiners) == 0
    error_message = "Nobody in workspace ${var.workspace} has the address ${join(", ", local.joiners)}."
  }
}
