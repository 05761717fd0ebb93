terraform {
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }
}

# The credential comes from BITBUCKET_USERNAME (the e-mail address of an Atlassian account) and BITBUCKET_API_TOKEN.
provider "bitbucket" {
  workspaces = ["acme"]
}
