# What the lists own, and what they only report. The state of a test is in memory: "init -backend=false" is enough. At its end, a test
# revokes whatever is on the lists: run it against the simulator.

run "nobody_is_unmanaged" {
  command = apply

  assert {
    condition     = length(output.unmanaged) == 0
    error_message = "Nobody has written down: ${join(", ", output.unmanaged[*].name)}."
  }

  assert {
    condition     = bitbucket_repository_permissions_exclusive.api.groups == tomap({ developers = "write", platform = "admin" })
    error_message = "Groups have other permissions on the repository api: ${jsonencode(bitbucket_repository_permissions_exclusive.api.groups)}."
  }

  assert {
    condition     = bitbucket_group_members_exclusive.platform.user_ids == toset(keys(local.platform.people))
    error_message = "The group platform has other members than platform.json."
  }
}

run "radia_becomes_a_developer_by_hand" {
  command = apply

  module {
    source = "./tests/by-hand"
  }
}

run "she_is_reported_and_keeps_her_access" {
  command = plan

  assert {
    condition     = join(", ", output.unmanaged[*].name) == "Radia"
    error_message = "The output names \"${join(", ", output.unmanaged[*].name)}\" instead of Radia."
  }

  assert {
    condition     = length(bitbucket_group_members_exclusive.developers.revokes) == 0
    error_message = "A list that only reports removes ${join(", ", bitbucket_group_members_exclusive.developers.revokes[*].name)}."
  }
}
