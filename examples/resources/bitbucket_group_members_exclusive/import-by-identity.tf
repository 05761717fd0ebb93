import {
  to = bitbucket_group_members_exclusive.developers
  identity = {
    workspace  = "acme"
    group_slug = "developers"
  }
}
