# Project PLAT. Each project has a folder like this one, with a state of its own: its plan reads this project and nothing else.

terraform {
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }
}

provider "bitbucket" {
  workspaces = ["acme"]

  max_rate_limit_wait = "1h"
}

module "access" {
  source = "../project"

  workspace   = "acme"
  project_key = "PLAT"

  groups = { developers = "write" }

  repositories = {
    api = { groups = { developers = "admin" } }
    web = { users = { "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}" = "admin" } }
  }
}
