data "bitbucket_groups" "all" {
  workspace = "acme"
}

output "sizes" {
  value = { for group in data.bitbucket_groups.all.groups : group.slug => length(group.members) }
}
