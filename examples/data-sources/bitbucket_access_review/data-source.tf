data "bitbucket_access_review" "platform" {
  workspace    = "acme"
  project_keys = ["PLAT"]
}

# terraform output -raw page > access-review.html
output "page" {
  value     = data.bitbucket_access_review.platform.html
  sensitive = true # not to be printed by each apply
}

# terraform output -raw grants > grants.csv
output "grants" {
  value     = data.bitbucket_access_review.platform.csv["grants"]
  sensitive = true
}
