import {
  to = bitbucket_group.reviewers
  id = "acme/reviewers"
}
