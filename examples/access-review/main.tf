# An access review of a workspace: a page to look at, and tables for a spreadsheet or a governance tool.
#
#   terraform apply
#   terraform output -raw page > access-review.html
#   terraform output -raw access > access.csv

terraform {
  required_providers {
    bitbucket = {
      source = "bitbucket-access/bitbucket"
    }
  }
}

provider "bitbucket" {
  workspaces = [var.workspace]
}

variable "workspace" {
  description = "The workspace that is reviewed."
  type        = string
  default     = "acme"
}

variable "project_keys" {
  description = "The keys of the projects that are reviewed; null for all."
  type        = set(string)
  default     = null
}

variable "admin_groups" {
  description = "The slugs of the groups whose members are meant to be administrators; null for all that administer something."
  type        = set(string)
  default     = null
}

data "bitbucket_access_review" "this" {
  workspace    = var.workspace
  project_keys = var.project_keys
  admin_groups = var.admin_groups
  title        = "Access review of ${var.workspace}"
}

# The outputs are sensitive, so that an apply prints none of them: the page alone is long. "terraform output -raw" prints them all the same.
output "page" {
  description = "Who may do what, and why, as a page."
  value       = data.bitbucket_access_review.this.html
  sensitive   = true
}

output "access" {
  description = "A row for each person and repository: what the person may do there, and every path that leads there."
  value       = data.bitbucket_access_review.this.csv["access"]
  sensitive   = true
}

output "findings" {
  description = "A row for each thing that a reviewer should look at."
  value       = data.bitbucket_access_review.this.csv["findings"]
  sensitive   = true
}

output "users" {
  description = "A row for each person."
  value       = data.bitbucket_access_review.this.csv["users"]
  sensitive   = true
}

output "groups" {
  description = "A row for each group."
  value       = data.bitbucket_access_review.this.csv["groups"]
  sensitive   = true
}

output "memberships" {
  description = "A row for each person in each group."
  value       = data.bitbucket_access_review.this.csv["memberships"]
  sensitive   = true
}

output "grants" {
  description = "A row for each explicit permission."
  value       = data.bitbucket_access_review.this.csv["grants"]
  sensitive   = true
}
