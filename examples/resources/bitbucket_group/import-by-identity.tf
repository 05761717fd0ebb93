import {
  to = bitbucket_group.reviewers
  identity = {
    workspace = "acme"
    slug      = "reviewers"
  }
}
