data "bitbucket_effective_access" "api" {
  workspace  = "acme"
  repo_slugs = ["api"]
}

output "who_can_write_to_the_api_and_why" {
  value = [
    for row in data.bitbucket_effective_access.api.access : "${row.display_name}: ${join("; ", [
      for path in row.paths : "${path.permission} on the ${path.scope}${path.group_slug == null ? "" : " through group ${path.group_name}"}"
    ])}"
    if contains(["write", "admin"], row.permission)
  ]
}

output "findings" {
  value = data.bitbucket_effective_access.api.findings[*].reason
}
