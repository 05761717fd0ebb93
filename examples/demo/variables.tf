variable "workspace" {
  description = "The workspace that the team works in."
  type        = string
  default     = "acme"
}

variable "team" {
  description = "The name of the team, and of its group."
  type        = string
  default     = "Payments"
}

variable "project_key" {
  description = "The project that the team may read."
  type        = string
  default     = "PLAT"
}

variable "repositories" {
  description = "The repositories that the team works on, and what it may do there."
  type        = map(string)
  default = {
    billing-service = "write"
    ledger          = "write"
    gateway         = "read"
  }
}
