# workspace/project_key
terraform import bitbucket_project_permissions_exclusive.plat acme/PLAT
