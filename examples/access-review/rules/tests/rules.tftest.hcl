# The rule holds until somebody who is no developer may write. The output, not the provider, refuses the plan then.

run "only_administrators_and_developers_write" {
  command = apply

  assert {
    condition     = output.writers == ["Ada"]
    error_message = "These people may write to the repository api: ${join(", ", output.writers)}."
  }
}

run "linus_is_let_in_by_hand" {
  command = apply

  module {
    source = "./tests/by-hand"
  }
}

run "the_rule_names_who_breaks_it" {
  command = plan

  expect_failures = [output.writers]
}
