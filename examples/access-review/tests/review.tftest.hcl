# What a review of project PAY says. The outputs are sensitive, so that messages about them must say that they may be shown.

run "everybody_with_access_is_in_the_review" {
  command = apply

  variables {
    project_keys = ["PAY"]
  }

  assert {
    condition = [for row in csvdecode(output.access) : "${row.display_name} ${row.permission}" if row.repo_slug == "ledger"] == [
      "Ada admin", "Linus admin", "Radia write",
    ]
    error_message = "Others have access to the ledger:\n${nonsensitive(output.access)}"
  }

  assert {
    condition     = [for row in csvdecode(output.grants) : row.name if row.principal == "user"] == ["Linus"]
    error_message = "Others have been given access in person:\n${nonsensitive(output.grants)}"
  }

  assert {
    condition     = [for row in csvdecode(output.findings) : row.who if row.kind == "admin_outside_groups"] == ["Linus", "Ada"]
    error_message = "Others administer something without being in a group for that:\n${nonsensitive(output.findings)}"
  }

  assert {
    condition     = strcontains(output.page, "<title>Access review of acme</title>")
    error_message = "The page has another title."
  }
}

run "a_group_for_administrators_explains_its_members" {
  command = plan

  variables {
    project_keys = ["PAY"]
    admin_groups = ["operators"]
  }

  assert {
    condition     = [for row in csvdecode(output.findings) : row.who if row.kind == "admin_outside_groups"] == ["Ada"]
    error_message = "Others than Ada administer something without being an operator:\n${nonsensitive(output.findings)}"
  }
}
