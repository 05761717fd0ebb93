# workspace/slug
terraform import bitbucket_group.reviewers acme/reviewers
