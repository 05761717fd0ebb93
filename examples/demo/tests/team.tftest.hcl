# Everybody on the roster is in the team, the team has its levels, and only maintainers have access in person.

run "the_roster_is_the_team" {
  command = apply

  assert {
    condition     = join(" ", keys(bitbucket_group_membership.team)) == join(" ", keys(output.members))
    error_message = "The team has other members than the roster has people: ${join(", ", keys(bitbucket_group_membership.team))}."
  }

  assert {
    condition     = bitbucket_project_group_permission.team.group_slug == "payments" && bitbucket_project_group_permission.team.permission == "read"
    error_message = "On the project, this has been given: ${jsonencode(bitbucket_project_group_permission.team)}."
  }

  assert {
    condition = { for slug, grant in bitbucket_repository_group_permission.team : slug => grant.permission } == {
      billing-service = "write", gateway = "read", ledger = "write"
    }
    error_message = "The team may do ${jsonencode({ for slug, grant in bitbucket_repository_group_permission.team : slug => grant.permission })}."
  }

  assert {
    condition = alltrue([
      for grant in bitbucket_repository_user_permission.maintainer :
      grant.user_id == data.bitbucket_users.roster.by_email["barbara@acme.example"].uuid
    ])
    error_message = "Others than Barbara, the maintainer, look after ${join(", ", keys(bitbucket_repository_user_permission.maintainer))}."
  }
}

run "a_maintainer_looks_after_the_repositories_that_are_left" {
  command = plan

  variables {
    repositories = { gateway = "read" }
  }

  assert {
    condition     = join(", ", keys(bitbucket_repository_user_permission.maintainer)) == "barbara@acme.example on gateway"
    error_message = "The plan keeps ${join(", ", keys(bitbucket_repository_user_permission.maintainer))}."
  }
}
