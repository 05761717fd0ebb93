data "bitbucket_group" "developers" {
  workspace = "acme"
  name      = "Developers"
}

output "developers" {
  value = data.bitbucket_group.developers.members[*].display_name
}
