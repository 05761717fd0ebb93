import {
  to = bitbucket_group_membership.grace
  id = "acme/developers/{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}"
}
