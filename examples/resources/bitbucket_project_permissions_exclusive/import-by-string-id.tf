import {
  to = bitbucket_project_permissions_exclusive.plat
  id = "acme/PLAT"
}
