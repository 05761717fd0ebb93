output "members" {
  description = "The members of the team by e-mail address."
  value       = { for email, user in data.bitbucket_users.roster.by_email : email => user.display_name }
}
