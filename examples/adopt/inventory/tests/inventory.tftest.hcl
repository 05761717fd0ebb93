# Whatever can be managed has an import block with its id.

run "everything_has_an_import_block" {
  command = apply

  assert {
    condition     = length(regexall("import {", output.imports)) == sum([for ids in local.found : length(ids)])
    error_message = "There are not as many import blocks as there are things, ${sum([for ids in local.found : length(ids)])}:\n${output.imports}"
  }

  assert {
    condition     = local.found["bitbucket_repository_user_permission"] == ["acme/ledger/{571778ae-b73c-40d2-87be-88edffa4ecc7}"]
    error_message = "Other people have access in person: ${join(", ", local.found["bitbucket_repository_user_permission"])}."
  }

  assert {
    condition = alltrue([
      for id in ["acme/operators", "acme/PAY/operators", "acme/ledger/operators"] : strcontains(output.imports, "id = \"${id}\"")
    ])
    error_message = "The group of the operators, or what it may do, is not imported:\n${output.imports}"
  }
}
