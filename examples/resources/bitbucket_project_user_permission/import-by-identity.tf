import {
  to = bitbucket_project_user_permission.grace
  identity = {
    workspace   = "acme"
    project_key = "PLAT"
    user_id     = "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}"
  }
}
