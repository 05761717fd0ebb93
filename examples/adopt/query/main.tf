terraform {
  required_version = ">= 1.14"
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }
}
