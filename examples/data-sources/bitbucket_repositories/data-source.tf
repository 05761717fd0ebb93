data "bitbucket_repositories" "plat" {
  workspace   = "acme"
  project_key = "PLAT"
  query       = "is_private = true"
}

output "private_repositories" {
  value = data.bitbucket_repositories.plat.repositories[*].slug
}
