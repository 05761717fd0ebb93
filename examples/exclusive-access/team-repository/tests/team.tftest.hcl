# The team has what it needs, and taking the lists over takes access from nobody. At its end, a test revokes whatever is on the
# lists: run it against the simulator.

run "nobody_loses_access" {
  command = plan

  assert {
    condition     = length(bitbucket_repository_permissions_exclusive.api.revokes) == 0
    error_message = "An apply takes access to the repository api from ${join(", ", bitbucket_repository_permissions_exclusive.api.revokes[*].name)}."
  }

  assert {
    condition     = length(bitbucket_repository_permissions_exclusive.api.lowers) == 0
    error_message = "An apply leaves less access to ${join(", ", bitbucket_repository_permissions_exclusive.api.lowers[*].name)}."
  }

  assert {
    condition     = length(bitbucket_group_members_exclusive.team.revokes) == 0
    error_message = "An apply removes ${join(", ", bitbucket_group_members_exclusive.team.revokes[*].name)} from the team."
  }
}

run "the_team_writes_and_its_leads_administer" {
  command = apply

  assert {
    condition     = length(bitbucket_group_members_exclusive.team.user_ids) == length(local.team)
    error_message = "The team has ${length(bitbucket_group_members_exclusive.team.user_ids)} members instead of ${length(local.team)}."
  }

  assert {
    condition     = bitbucket_repository_permissions_exclusive.api.groups == tomap({ developers = "write" })
    error_message = "Groups have other permissions: ${jsonencode(bitbucket_repository_permissions_exclusive.api.groups)}."
  }

  assert {
    condition = bitbucket_repository_permissions_exclusive.api.users == tomap({
      (data.bitbucket_users.team.by_email["grace@acme.example"].uuid) = "admin"
    })
    error_message = "Others than Grace have access in person: ${jsonencode(bitbucket_repository_permissions_exclusive.api.users)}."
  }
}
