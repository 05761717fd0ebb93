data "bitbucket_current_user" "me" {}

output "credential" {
  value = "${data.bitbucket_current_user.me.display_name}, with an ${data.bitbucket_current_user.me.credential}"
}
