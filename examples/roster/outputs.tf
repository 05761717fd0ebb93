output "members" {
  description = "Who is in which group by address, which reads better in a plan than ids. Joiners are not in it."
  value       = { for name in local.group_names : name => [for email in try(local.addresses[name], []) : email if !contains(local.joiners, email)] }
}

output "joiners" {
  description = "Who is in the export and not in the workspace yet."
  value       = local.joiners
}
