# What the export says: who is in which groups. Capitals, blanks, the order of the columns and further columns mean nothing.

locals {
  text    = trimspace(trimprefix(file(var.roster_file), "\ufeff"))
  header  = split("\n", local.text)[0]
  columns = [for column in split(",", local.header) : lower(trim(trimspace(column), "\""))]
  needed  = ["email", "team", "role", "active"]
  absent  = setsubtract(local.needed, local.columns)
  doubled = [
    for column in distinct(local.columns) : column
    if length([for other in local.columns : other if other == column]) > 1 && (contains(local.needed, column) || !can(csvdecode(local.header)))
  ]

  # Of a function that fails, Terraform shows the arguments, which here would be the whole file. So none may fail.
  readable = length(local.absent) == 0 && length(local.doubled) == 0 && can(csvdecode(local.text))
  lines    = local.readable ? csvdecode(local.text) : []
  odd      = local.readable ? [] : [for i, line in split("\n", local.text) : i + 1 if !can(csvdecode("${local.header}\n${line}"))]

  cells = [for line in local.lines : {
    for column, cell in line : lower(trimspace(column)) => trimspace(cell) if contains(local.needed, lower(trimspace(column)))
  }]

  spellings = { true = true, yes = true, "1" = true, active = true, false = false, no = false, "0" = false, inactive = false }

  rows = [for i, row in local.cells : {
    number = i + 2
    email  = lower(lookup(row, "email", ""))
    team   = lookup(row, "team", "")
    role   = lookup(row, "role", "")
    active = lookup(local.spellings, lower(lookup(row, "active", "")), null)
    key    = lower("${lookup(row, "team", "")}/${lookup(row, "role", "")}")
  }]

  # The groups of each role by "team/role", in lower case.
  groups_of = merge([for team, roles in var.groups : { for role, groups in roles : lower("${team}/${role}") => groups }]...)
  teams     = [for team in keys(var.groups) : lower(team)]

  # What is wrong with the file, in words. Of people who have left, the rows need not be complete.
  is_address = "^[^@\\s\"]+@[^@\\s\"]+\\.[^@\\s\"]+$"
  wrong = flatten([for row in local.rows : [for what, is in {
    "active is neither true nor false" = row.active == null
    "this is no e-mail address"        = row.active == true && !can(regex(local.is_address, row.email))
    "the address is not one of ${join(" or ", var.email_domains)}" = (
      row.active == true && can(regex(local.is_address, row.email)) && !contains(var.email_domains, reverse(split("@", row.email))[0])
    )
    "groups has no role \"${row.role}\" in team \"${row.team}\"" = (
      row.active == true && contains(local.teams, lower(row.team)) && !contains(keys(local.groups_of), row.key)
    )
  } : "row ${row.number}, \"${row.email}\": ${what}" if is]])

  statuses       = { for row in local.rows : row.email => row.active... if row.email != "" }
  contradictions = [for email, active in local.statuses : "${email} is both active and not" if length(distinct(active)) > 1]
  inactive       = anytrue([for row in local.rows : row.active == true]) ? [] : ["none of its ${length(local.rows)} rows is of somebody active"]
  wrong_rows     = concat(local.wrong, local.contradictions, local.inactive)
  nobody         = length(local.wanted) > 0 ? [] : ["nobody active is in a team that groups names: nobody would be left in any group"]

  # What is wrong with the whole file comes first. What would follow from it is not said.
  faults = (
    length(local.absent) > 0 ? ["it has no column ${join(", ", local.absent)}; its columns, between commas, are ${local.some_columns}"] :
    length(local.doubled) > 0 ? ["it has the column \"${join("\", \"", local.doubled)}\" more than once"] :
    !local.readable ? ["a row has more or fewer cells than the header, or a quotation mark is missing: look at line ${local.some_lines}"] :
    length(local.wrong_rows) > 0 ? local.wrong_rows : local.nobody
  )
  all_columns  = "\"${join("\", \"", local.columns)}\""
  some_columns = length(local.all_columns) <= 200 ? local.all_columns : "${substr(local.all_columns, 0, 200)} ..."
  some_lines   = join(", ", slice(local.odd, 0, min(5, length(local.odd))))

  # Who is in several teams has the groups of all of them.
  entries = concat(
    [for row in local.rows : { email = row.email, groups = lookup(local.groups_of, row.key, []) } if row.active == true],
    [for email, groups in var.others : { email = lower(trimspace(email)), groups = groups }],
  )
  in_groups = { for entry in local.entries : entry.email => entry.groups... if length(entry.groups) > 0 }
  wanted    = { for email, groups in local.in_groups : email => toset(concat(flatten([for g in groups : tolist(g)]), tolist(var.everyone))) }

  left = [for email, active in local.statuses : email if !contains(active, true) && !can(local.wanted[email]) && can(regex(local.is_address, email))]

  # The same the other way round: the addresses of each group. It is made once, because looking through everybody for each group is slow.
  pairs     = flatten([for email, names in local.wanted : [for name in names : { name = name, email = email }]])
  addresses = { for pair in local.pairs : pair.name => pair.email... }

  # Every group that the tables name is managed, also when nobody is in it any more.
  group_names = toset(concat(flatten([for groups in concat(values(local.groups_of), values(var.others)) : tolist(groups)]), tolist(var.everyone)))
}
