data "bitbucket_project_permissions" "plat" {
  workspace   = "acme"
  project_key = "PLAT"
}

output "groups" {
  value = { for group in data.bitbucket_project_permissions.plat.groups : group.group_slug => group.permission }
}
