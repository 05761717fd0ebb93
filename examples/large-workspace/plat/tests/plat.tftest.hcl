# The folder has no outputs and its lists are in a module, so that another configuration looks at what an apply has done.
# At its end, a test revokes whatever is on the lists: run it against the simulator.

run "the_project_is_applied" {
  command = apply
}

run "bitbucket_has_what_is_written_down" {
  command = apply

  module {
    source = "./tests/live"
  }

  assert {
    condition     = [for grant in data.bitbucket_project_permissions.plat.groups : "${grant.group_slug} ${grant.permission}"] == ["developers write"]
    error_message = "Groups have other permissions on the project: ${jsonencode(data.bitbucket_project_permissions.plat.groups)}."
  }

  assert {
    condition     = length(data.bitbucket_project_permissions.plat.users) == 0
    error_message = "People have access to the whole project: ${join(", ", data.bitbucket_project_permissions.plat.users[*].display_name)}."
  }

  assert {
    condition     = [for grant in data.bitbucket_repository_permissions.all["api"].groups : "${grant.group_slug} ${grant.permission}"] == ["developers admin"]
    error_message = "Others than the developers look after the repository api: ${jsonencode(data.bitbucket_repository_permissions.all["api"].groups)}."
  }

  assert {
    condition     = [for grant in data.bitbucket_repository_permissions.all["web"].users : "${grant.display_name} ${grant.permission}"] == ["Grace admin"]
    error_message = "Others than Grace look after the repository web: ${jsonencode(data.bitbucket_repository_permissions.all["web"].users)}."
  }
}
