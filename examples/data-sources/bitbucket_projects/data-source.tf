data "bitbucket_projects" "all" {
  workspace = "acme"
}

output "keys" {
  value = data.bitbucket_projects.all.projects[*].key
}
