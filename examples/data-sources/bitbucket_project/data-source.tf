data "bitbucket_project" "plat" {
  workspace   = "acme"
  project_key = "PLAT"
}

output "name" {
  value = data.bitbucket_project.plat.name
}
