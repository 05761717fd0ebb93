# Who is in which group, and what stops a plan. Nothing is applied: at its end, a test destroys what it has applied, which empties groups.

run "the_export_says_who_is_in_which_group" {
  command = plan

  assert {
    condition = output.members == {
      "Developers"       = ["ada@acme.example", "grace@acme.example"]
      "Operators"        = ["linus@acme.example"]
      "Release Managers" = ["ada@acme.example"]
      "Staff"            = ["ada@acme.example", "grace@acme.example", "linus@acme.example"]
    }
    error_message = "The export puts others into the groups: ${jsonencode(output.members)}."
  }

  # Radia is among the operators, and not in the export.
  assert {
    condition     = join(", ", bitbucket_group_members_exclusive.managed["Operators"].revokes[*].name) == "Radia"
    error_message = "The operators lose ${join(", ", bitbucket_group_members_exclusive.managed["Operators"].revokes[*].name)}."
  }

  assert {
    condition     = length(bitbucket_workspace_invitation.joiner) == 0
    error_message = "Everybody is in the workspace, yet these are invited: ${join(", ", keys(bitbucket_workspace_invitation.joiner))}."
  }
}

run "somebody_new_is_invited_into_the_groups" {
  command = plan

  variables {
    others = { "margaret@acme.example" = ["Operators"] }
  }

  assert {
    condition     = bitbucket_workspace_invitation.joiner["margaret@acme.example"].group_slugs == toset(["operators", "staff"])
    error_message = "Margaret is invited into ${join(", ", bitbucket_workspace_invitation.joiner["margaret@acme.example"].group_slugs)}."
  }
}

run "who_is_not_invited_is_said_to_be_missing" {
  command = plan

  variables {
    invite = false
    others = { "margaret@acme.example" = ["Operators"] }
  }

  expect_failures = [check.joiners_are_invited]
}

# Linus has left: he loses both his groups, and Radia the operators. That he is still in the workspace is a warning.
run "a_leaver_loses_every_group_and_is_named" {
  command = plan

  variables {
    roster_file  = "tests/leaver.csv"
    max_removals = 3
  }

  assert {
    condition     = !strcontains(jsonencode(output.members), "linus")
    error_message = "Linus has left, and is in ${jsonencode(output.members)}."
  }

  expect_failures = [check.leavers_are_out_of_the_workspace]
}

run "more_removals_than_are_allowed_stop_the_plan" {
  command = plan

  variables {
    roster_file  = "tests/leaver.csv"
    max_removals = 2
  }

  expect_failures = [terraform_data.guard, check.leavers_are_out_of_the_workspace]
}

run "no_export_makes_administrators" {
  command = plan

  variables {
    everyone = ["Staff", "bitbucket-admins-acme"]
  }

  expect_failures = [terraform_data.guard]
}

run "an_address_of_another_company_stops_the_plan" {
  command = plan

  variables {
    email_domains = ["acme.test"]
  }

  expect_failures = [data.bitbucket_users.roster]
}
