data "bitbucket_user" "grace" {
  workspace = "acme"
  email     = "grace@acme.example"
}

output "grace" {
  value = data.bitbucket_user.grace.uuid
}
