# People by e-mail address, 90 with one request.
data "bitbucket_users" "team" {
  workspace = "acme"
  emails    = ["grace@acme.example", "linus@acme.example"]
}

# People of whom some may not be there: nobody has the addresses in missing.
data "bitbucket_users" "roster" {
  workspace     = "acme"
  emails        = ["grace@acme.example", "barbara@acme.example"]
  allow_missing = true
}

# Everyone who administers the workspace.
data "bitbucket_users" "administrators" {
  workspace = "acme"
  role      = "owner"
}

output "team" {
  value = { for email, user in data.bitbucket_users.team.by_email : email => user.uuid }
}

output "missing" {
  value = data.bitbucket_users.roster.missing
}

output "administrators" {
  value = data.bitbucket_users.administrators.users[*].display_name
}
