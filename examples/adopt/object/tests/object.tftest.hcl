# What is there is adopted as it is. Never run this against the workspace that you adopt: at its end, a test revokes what it has adopted.

run "access_is_given_by_hand" {
  command = apply

  module {
    source = "./tests/by-hand"
  }
}

run "all_of_it_is_adopted_at_its_level" {
  command = apply

  assert {
    condition     = output.users == { "{571778ae-b73c-40d2-87be-88edffa4ecc7}" = "write" }
    error_message = "Other users are adopted: ${jsonencode(output.users)}."
  }

  assert {
    condition     = output.groups == { developers = "read" }
    error_message = "Other groups are adopted: ${jsonencode(output.groups)}."
  }

  assert {
    condition     = [for grant in bitbucket_repository_user_permission.api : grant.permission] == ["write"]
    error_message = "Users have been given ${join(", ", [for grant in bitbucket_repository_user_permission.api : grant.permission])}."
  }

  assert {
    condition     = bitbucket_repository_group_permission.api["developers"].permission == "read"
    error_message = "The developers have been given ${bitbucket_repository_group_permission.api["developers"].permission}."
  }
}
