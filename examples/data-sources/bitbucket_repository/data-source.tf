data "bitbucket_repository" "api" {
  workspace = "acme"
  repo_slug = "api"
}

output "project" {
  value = data.bitbucket_repository.api.project_key
}
