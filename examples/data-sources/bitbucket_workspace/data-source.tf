data "bitbucket_workspace" "acme" {
  workspace = "acme"
}

output "administered_by" {
  value = data.bitbucket_workspace.acme.administered_by
}
