# workspace/repo_slug
terraform import bitbucket_repository_permissions_exclusive.api acme/api
