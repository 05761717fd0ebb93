# Nobody loses access while the list is only reported, and everybody who is not named does once it is enforced. At its end,
# a test revokes whatever is on the list: run it against the simulator.

run "linus_is_let_in_by_hand" {
  command = apply

  module {
    source = "./tests/by-hand"
  }
}

run "he_is_reported_and_keeps_his_access" {
  command = apply

  assert {
    condition     = [for extra in output.unmanaged : "${extra.name} ${extra.permission}"] == ["Linus admin"]
    error_message = "The output names ${jsonencode(output.unmanaged)} instead of Linus."
  }

  assert {
    condition     = length(bitbucket_repository_permissions_exclusive.api.revokes) == 0
    error_message = "A list that only reports revokes the access of ${join(", ", bitbucket_repository_permissions_exclusive.api.revokes[*].name)}."
  }
}

run "he_loses_it_when_the_list_is_enforced" {
  command = apply

  variables {
    enforce = true
  }

  assert {
    condition     = join(", ", bitbucket_repository_permissions_exclusive.api.revokes[*].name) == "Linus"
    error_message = "Others than Linus have lost access: ${jsonencode(bitbucket_repository_permissions_exclusive.api.revokes)}."
  }

  assert {
    condition     = bitbucket_repository_permissions_exclusive.api.groups["developers"] == "write"
    error_message = "The developers have ${bitbucket_repository_permissions_exclusive.api.groups["developers"]}."
  }

  assert {
    condition     = length(output.unmanaged) == 0
    error_message = "There still is access that nobody has written down: ${jsonencode(output.unmanaged)}."
  }
}
