# Every repository of the project has its list, which is empty but for the exceptions, and taking the lists over takes access from nobody.
# At its end, a test revokes whatever is on the lists: run it against the simulator.

run "nobody_loses_access" {
  command = plan

  assert {
    condition = length(flatten([for list in bitbucket_repository_permissions_exclusive.plat : list.revokes])) == 0
    error_message = join("", [
      "An apply takes access to repositories from ",
      join(", ", flatten([for list in bitbucket_repository_permissions_exclusive.plat : list.revokes[*].name])), ".",
    ])
  }

  assert {
    condition     = length(bitbucket_project_permissions_exclusive.plat.revokes) == 0
    error_message = "An apply takes access to the project from ${join(", ", bitbucket_project_permissions_exclusive.plat.revokes[*].name)}."
  }
}

run "repositories_have_no_permissions_but_the_exceptions" {
  command = apply

  assert {
    condition     = bitbucket_project_permissions_exclusive.plat.groups == tomap({ developers = "write" })
    error_message = "Groups have other permissions on the project: ${jsonencode(bitbucket_project_permissions_exclusive.plat.groups)}."
  }

  assert {
    condition = { for slug, list in bitbucket_repository_permissions_exclusive.plat : slug => list.groups if length(list.groups) > 0 } == {
      api = tomap({ developers = "admin" })
    }
    error_message = "Groups have other permissions on repositories: ${jsonencode(bitbucket_repository_permissions_exclusive.plat)}."
  }

  assert {
    condition     = toset(keys(bitbucket_repository_permissions_exclusive.plat)) == toset(data.bitbucket_repositories.plat.repositories[*].slug)
    error_message = "Only these repositories have lists: ${join(", ", keys(bitbucket_repository_permissions_exclusive.plat))}."
  }
}
