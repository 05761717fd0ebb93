data "bitbucket_workspaces" "all" {}

output "workspaces" {
  value = data.bitbucket_workspaces.all.workspaces[*].slug
}
