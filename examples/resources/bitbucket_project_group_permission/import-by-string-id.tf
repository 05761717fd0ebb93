import {
  to = bitbucket_project_group_permission.developers
  id = "acme/PLAT/developers"
}
