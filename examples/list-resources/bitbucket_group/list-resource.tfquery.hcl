list "bitbucket_group" "all" {
  provider = bitbucket
  limit    = 1000 # Terraform's default is 100

  config {
    workspace = "acme"
  }
}
