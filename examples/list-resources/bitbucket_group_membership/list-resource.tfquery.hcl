# The members of all groups of a workspace.
list "bitbucket_group_membership" "all" {
  provider = bitbucket
  limit    = 10000 # Terraform's default is 100

  config {
    workspace = "acme"
  }
}

# The members of one group.
list "bitbucket_group_membership" "developers" {
  provider = bitbucket
  limit    = 1000

  config {
    workspace  = "acme"
    group_slug = "developers"
  }
}
