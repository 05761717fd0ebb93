data "bitbucket_repository_permissions" "api" {
  workspace = "acme"
  repo_slug = "api"
}

output "administrators" {
  value = [for user in data.bitbucket_repository_permissions.api.users : user.display_name if user.permission == "admin"]
}
