import {
  to = bitbucket_project_permissions_exclusive.plat
  identity = {
    workspace   = "acme"
    project_key = "PLAT"
  }
}
