# From the JSON of a plan to Markdown: who has access that the configuration does not give, who lacks what it gives, who has another level.
# In a plan, before is what Bitbucket has, and after is what the configuration says.
#
#   jq -nr -L . --argjson code 2 -f summary.jq plan.json
#
# code is what "terraform plan -detailed-exitcode" ended with.
include "access";

# table makes a section of rows of cells. They are in one order, whatever that of the plan.
def table($title; $about; $columns):
  def line: "| \(join(" | ")) |";
  if length == 0 then empty
  else "", "## \($title)", "", $about, "", ($columns | line), "|\($columns | map("---|") | add)", (unique[] | line) end;

# keyed makes an object of entries, by who they are about.
def keyed(entry): reduce entry as $e ({}; .[$e.who.key] = $e);

# level writes a level.
def level: . // "known only after apply";

# access compares who has access with who is to have it. Where somebody has what the state was last written with, it is the configuration that
# has changed, or an apply that did not finish.
def access($names; $drift):
  . as $c
  | scopes[.type] as $s
  | .change as $change
  | ($change.before // $change.after) as $named
  | where($s.on; $names; $named.workspace; $named[$s.at]) as $where
  | keyed($change.before | entries($c.type; $names)) as $live
  | keyed($change | after | entries($c.type; $names)) as $wanted
  | ([$drift | select(.change.before.workspace == $named.workspace and .change.before[$s.at] == $named[$s.at])][0]) as $drift # of this object
  | (if $drift then keyed($drift.change.before | entries($c.type; $names)) else $live end) as $last
  # An exclusive resource itself says whom it revokes: its lists can name one user in several words.
  | (if $s.users and ($change.after.revokes | type) == "array" then keyed($change.after | listed("revokes"; $names))
    else $live | with_entries(select(.key as $key | $wanted | has($key) | not)) end) as $revoked
  | (if $live | any(keys[]; . as $key | ($wanted | has($key)) or ($revoked | has($key)) | not) then ", or by another id" else "" end) as $unsure
  | (if $change.before or $drift then "none" else "not in the state" end) as $none
  | def found($kind; $key; $whom; $has; $gets):
      {
        kind: (if $last[$key].level == $live[$key].level then "waits" else $kind end),
        cells: [$where, ($whom | who), $has, $gets, ($c.address | code)]
      };
    if $change.after and ([$s.users, $s.groups] | any(. != null and $change.after_unknown[.] == true))
    then {kind: "waits", cells: [$where, "known only after apply", "", "", ($c.address | code)]}
    else
      ($revoked | to_entries[] | found("gained"; .key; .value.who; .value.level; "none")),
      ($wanted | to_entries[] | .value.level as $gets | $live[.key] as $has
        | if $has == null then found("lost"; .key; .value.who; ($none + if .value.who.kind == "user" then $unsure else "" end); ($gets | level))
          elif $has.level != $gets then found("level"; .key; .value.who; $has.level; ($gets | level))
          else empty end)
    end;

# unmanaged are those whom an exclusive resource only reports.
def unmanaged($names; $drift):
  . as $c
  | scopes[.type] as $s
  | select($s.users and .change.after)
  | .change.after as $after
  | [($drift.change.before // {}) | listed("extras"; $names) | .who.key] as $known
  | $after | listed("extras"; $names)
  | (if $drift and (.who.key | IN($known[]) | not) then "new" else "known" end) as $since
  | {kind: "unmanaged", cells: [where($s.on; $names; $after.workspace; $after[$s.at]), (.who | who), .level, $since, ($c.address | code)]};

# settings writes in what a group or an invitation differs from the other side.
def settings($other):
  if . == null then "none" else
    [
      to_entries[]
      | select(.key | IN("name", "permission", "auto_add", "email_forwarding_disabled", "group_slugs", "repo_slug"))
      | select(.value != ($other // {})[.key] and ($other != null or (.value != null and .value != false)))
      | .key + " " + (.value | if type == "array" then join(", ") elif . == null then "none" else tostring end | code)
    ]
    | if . == [] then "as it is" else join(", ") end
  end;

# drifted tells whether Bitbucket gives other access than when the state was last written.
def drifted:
  def gives: if . == null then . else {users, groups, user_ids, extras, permission, auto_add, group_slugs, repo_slug} end;
  select(. != null and (scopes[.type] or others[.type])) | .change | select((.before | gives) != (.after | gives));

# other is what a change says that is not about access.
def other($names; $drift):
  . as $c
  | .change as $change
  | ($change.before // $change.after) as $named
  | if others[.type] then
      (if .type == "bitbucket_group" then where("group"; $names; $named.workspace; $named.slug // $named.name)
        else "invitation of \($named.email // "somebody" | code)" end) as $what
      | {
          kind: (if $drift then "other" else "waits" end),
          drifted: ([$drift | drifted] != []),
          cells: [$what, "", ($change.before | settings($change.after)), ($change.after | settings($change.before)), (.address | code)]
        }
    else
      {
        kind: (if $drift or .mode == "data" then "other" else "waits" end),
        cells: ["\(.mode) \(.type | code)", "", "", ($change.actions | join(", ")), (.address | code)]
      }
    end;

# output is what a change of an output says. What it is made of tells why it is another one, but for locals, data and modules, which can hide both.
def output($name; $references; $drifted):
  .actions as $actions
  | (if any($references[]; test("^(data|local|module)[.]")) then "unclear" elif any($references[]; startswith("bitbucket_")) then "access" else "text" end) as $of
  | ($drifted and $of != "text" and $actions == ["update"]) as $tells
  | {
      kind: (if $tells or ($of == "unclear" and $actions == ["update"]) then "other" else "waits" end),
      drifted: $tells,
      cells: ["output \($name | code)", "", "", ($actions | join(", ")), ""]
    };

# quiet is what a change says that changes nothing in Bitbucket.
def quiet:
  (if .change.importing then "imported" elif .previous_address then "moved" elif .change.actions == ["forget"] then "no longer managed" else empty end)
  | {kind: "waits", cells: [., "", "there", .]} as $row
  | $row;

# parts takes a replacement apart: what it destroys is of another object than what it creates.
def parts:
  if (.change.actions | length) > 1
  then (.change.after = null | .change.actions = ["delete"]), (.change.before = null | .change.actions = ["create"])
  else . end;

# changes are all rows of a plan.
def changes:
  names as $names
  | (reduce (.resource_drift // [])[] as $d ({}; .[$d.address] = $d)) as $drifts
  | (
      (.resource_changes // [])[]
      | . as $c
      | $drifts[.address] as $drift
      | if .change.actions == ["no-op"] or .change.actions == ["forget"]
        then (select(.mode == "managed" and .change.actions == ["no-op"]) | unmanaged($names; $drift)),
          (quiet | .cells = [($c.type | code)] + .cells[1:] + [$c.address | code])
        elif .mode == "managed" and scopes[.type] then parts | access($names; $drift), unmanaged($names; $drift)
        else parts | other($names; $drift) end
    ),
    (([(.resource_drift // [])[] | drifted] != []) as $drifted
      | .configuration.root_module.outputs as $outputs
      | (.output_changes // {}) | to_entries[] | select(.value.actions != ["no-op"])
      | .key as $name
      | .value | output($name; [$outputs[$name].expression | .. | objects | .references[]?]; $drifted)),
    ((.checks // [])[] | select(.status | IN("fail", "error")) | {kind: "check", cells: [(.address.to_display | code), .status]});

input | complete
| [changes] as $rows
| def of($kind): [$rows[] | select(.kind == $kind) | .cells];
  def count($kind; $words): of($kind) | unique | length | select(. > 0) | "\(.) \($words)";
  [
    count("gained"; "gained"), count("lost"; "lost"), count("level"; "at another level"), count("check"; "failing"), count("other"; "other"),
    count("unmanaged"; "unmanaged"), count("waits"; "waiting to be applied")
  ] as $counts
| ["Where", "Who", "Bitbucket", "Configuration", "Resource"] as $columns
| if $rows == [] and $code == 0 then "No drift: Bitbucket has what the configuration says."
  elif $rows == [] then "# The plan has changes\n\nThis summary does not know them: read the plan."
  else
    (if any($rows[]; .drifted or (.kind | IN("gained", "lost", "level"))) then "# Access has drifted"
      elif of("check") != [] then "# A check fails"
      elif of("waits") != [] then "# Configuration waits to be applied"
      elif of("other") != [] then "# The plan has changes"
      else "# Access that nobody manages" end),
    "",
    "\($counts | join(", ")).",
    (of("gained") | table("Gained"; "Bitbucket gives this, and the configuration does not. Applying takes it away."; $columns)),
    (of("lost") | table("Lost"; "The configuration gives this, and Bitbucket does not. Applying gives it again."; $columns)),
    (of("level")
      | table("Another level"; "Bitbucket and the configuration give different levels. Applying sets that of the configuration."; $columns)),
    (of("unmanaged") | table("Unmanaged"; "Reported and left alone: the configuration does not name it, and says `unmanaged = \"report\"`.";
      ["Where", "Who", "Bitbucket", "Since the last apply", "Resource"])),
    (of("check") | table("Checks"; "The configuration demands this, and it is not so."; ["What", "Result"])),
    (of("other") | map(del(.[1]))
      | table("Other"; "Groups, invitations, outputs and whatever else the plan changes."; ["What"] + $columns[2:])),
    (of("waits") | table("Waiting to be applied";
      "Bitbucket is as it was when the state was last written: the configuration has changed since, or an apply did not finish."; $columns))
  end
