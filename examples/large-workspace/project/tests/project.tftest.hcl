# What is not written down of a project and its repositories, nobody has. At its end, a test revokes whatever is on the lists: run it against
# the simulator.

variables {
  workspace   = "acme"
  project_key = "PLAT"
  groups      = { developers = "read" }
}

run "lists_that_are_left_out_are_empty" {
  command = apply

  variables {
    repositories = { api = { groups = { developers = "admin" } }, web = {} }
  }

  assert {
    condition     = bitbucket_project_permissions_exclusive.project.groups == tomap({ developers = "read" })
    error_message = "On the project, groups have ${jsonencode(bitbucket_project_permissions_exclusive.project.groups)}."
  }

  assert {
    condition     = bitbucket_repository_permissions_exclusive.repository["api"].groups == tomap({ developers = "admin" })
    error_message = "On repository api, groups have ${jsonencode(bitbucket_repository_permissions_exclusive.repository["api"].groups)}."
  }

  assert {
    condition     = length(bitbucket_repository_permissions_exclusive.repository["web"].groups) == 0
    error_message = "On repository web, groups have ${jsonencode(bitbucket_repository_permissions_exclusive.repository["web"].groups)}."
  }
}

run "who_is_not_named_any_more_loses_access" {
  command = plan

  variables {
    repositories = { api = {}, web = {} }
  }

  assert {
    condition     = join(", ", bitbucket_repository_permissions_exclusive.repository["api"].revokes[*].group_slug) == "developers"
    error_message = "On repository api, the plan revokes ${jsonencode(bitbucket_repository_permissions_exclusive.repository["api"].revokes)}."
  }
}
