import {
  to = bitbucket_project_group_permission.developers
  identity = {
    workspace   = "acme"
    project_key = "PLAT"
    group_slug  = "developers"
  }
}
