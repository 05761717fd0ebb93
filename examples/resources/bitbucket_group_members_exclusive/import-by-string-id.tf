import {
  to = bitbucket_group_members_exclusive.developers
  id = "acme/developers"
}
