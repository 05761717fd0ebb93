# What Bitbucket says about the project.

terraform {
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }
}

data "bitbucket_project_permissions" "plat" {
  workspace   = "acme"
  project_key = "PLAT"
}

data "bitbucket_repository_permissions" "all" {
  for_each = toset(["api", "web"])

  workspace = "acme"
  repo_slug = each.key
}
