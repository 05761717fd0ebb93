# workspace/email, while the invitation into groups is pending
terraform import bitbucket_workspace_invitation.edsger acme/edsger@partner.example
