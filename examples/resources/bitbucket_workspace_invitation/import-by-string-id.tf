import {
  to = bitbucket_workspace_invitation.edsger
  id = "acme/edsger@partner.example"
}
