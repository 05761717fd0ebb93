# Into a group: whoever follows the invitation is a member of it.
resource "bitbucket_workspace_invitation" "edsger" {
  workspace   = "acme"
  email       = "edsger@partner.example"
  group_slugs = ["developers"]
}

# To one repository, for somebody who is to see nothing else.
resource "bitbucket_workspace_invitation" "barbara" {
  workspace  = "acme"
  email      = "barbara@partner.example"
  repo_slug  = "api"
  permission = "read"
}
