variable "workspace" {
  description = "The workspace that the groups are in."
  type        = string
  default     = "acme"
}

variable "roster_file" {
  description = "The export: a CSV file with the columns email, team, role and active."
  type        = string
  default     = "roster.csv"
}

variable "groups" {
  description = "The names of the groups that each role in each team is in. Whoever is in another team is in none of them."
  type        = map(map(set(string)))
  default = {
    Platform = {
      Engineer = ["Developers"]
      Lead     = ["Developers", "Release Managers"]
    }
    Operations = {
      Engineer = ["Operators"]
    }
  }
}

variable "everyone" {
  description = "Groups that all of them are in besides, so that who changes teams is never in none."
  type        = set(string)
  default     = ["Staff"]
}

variable "others" {
  description = "People whom the export does not know, such as contractors and build users: addresses and the names of their groups."
  type        = map(set(string))
  default     = {}
}

variable "email_domains" {
  description = "The domains that the addresses in the export may have: a typing error must not invite a stranger."
  type        = set(string)
  default     = ["acme.example"]
}

variable "invite" {
  description = "Whether people who are not in the workspace are invited, which sends a mail and takes a seat."
  type        = bool
  default     = true
}

variable "max_removals" {
  description = "How many memberships one plan may take away. An export that failed half-way must not take everybody's."
  type        = number
  default     = 5
}
