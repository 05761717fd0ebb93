# The team writes to its repository, whoever of it is in the workspace already and whoever only the organization knows, as Linus is.

run "the_team_is_in_its_group" {
  command = apply

  variables {
    team = ["grace@acme.example", "linus@acme.example"]
  }

  assert {
    condition     = join(" ", keys(bitbucket_group_membership.mobile)) == "grace@acme.example linus@acme.example"
    error_message = "Others are in the team: ${join(", ", keys(bitbucket_group_membership.mobile))}."
  }

  # Where an organization administers the workspace, the slug of a group is a UUID.
  assert {
    condition     = can(regex("^[0-9a-f-]{36}$", bitbucket_group.mobile.slug))
    error_message = "The slug of the group is ${bitbucket_group.mobile.slug}: is workspace ${var.workspace} administered in Bitbucket?"
  }

  assert {
    condition     = bitbucket_repository_group_permission.mobile.permission == "write"
    error_message = "The team may only ${bitbucket_repository_group_permission.mobile.permission}."
  }
}

run "who_leaves_the_team_leaves_the_group" {
  command = plan

  variables {
    team = ["grace@acme.example"]
  }

  assert {
    condition     = join(" ", keys(bitbucket_group_membership.mobile)) == "grace@acme.example"
    error_message = "The plan keeps ${join(", ", keys(bitbucket_group_membership.mobile))}."
  }
}
