resource "bitbucket_group" "reviewers" {
  workspace = "acme"
  name      = "Reviewers"
}

# Gets read access to every repository that is created from now on.
resource "bitbucket_group" "auditors" {
  workspace  = "acme"
  name       = "Auditors"
  permission = "read"
}
