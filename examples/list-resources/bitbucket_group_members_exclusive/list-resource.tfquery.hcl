# The lists of all groups of a workspace.
list "bitbucket_group_members_exclusive" "all" {
  provider = bitbucket
  limit    = 10000 # Terraform's default is 100

  config {
    workspace = "acme"
  }
}

# The list of one group.
list "bitbucket_group_members_exclusive" "one" {
  provider         = bitbucket
  limit            = 1000
  include_resource = true

  config {
    workspace  = "acme"
    group_slug = "developers"
  }
}
