import {
  to = bitbucket_workspace_invitation.edsger
  identity = {
    workspace = "acme"
    email     = "edsger@partner.example"
  }
}
