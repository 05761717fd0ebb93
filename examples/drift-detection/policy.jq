# Nobody outside the platform group becomes admin.
#
#   jq -nr -L . --slurpfile platform platform.json -f policy.jq plan.json
#
# It ends with 0 when the plan may be applied; with 3 when it may not, and names who would become admin of what; with anything else when it cannot
# tell. What is known only after apply counts as admin. Whom a plan takes access from does not matter, nor who was admin before.
include "access";

# had are those who have the access before, by key. What a replacement destroys is on another object.
def had($names):
  .type as $resource
  | if .change.actions | index("create") then {}
    else reduce (.change.before | entries($resource; $names) | select(.level | IN("admin", "member"))) as $e ({}; .[$e.who.key] = true) end;

# unknown tells whether an attribute is known only after apply, as a whole or in part.
def unknown($attribute): .change.after_unknown[$attribute] | . == true or (type == "array" and any(. == true));

# slugged tells whether Bitbucket may make one of some slugs of a name: of what is no letter and no digit a dash or nothing, and of what is not ASCII
# nobody knows what.
def slugged($slugs):
  (explode | map(if . > 127 then ".*" else [.] | implode | ascii_downcase | if test("[a-z0-9]") then . else "-*" end end) | "^\(add // "")$") as $like
  | $slugs | any(test($like));

# administering are the groups that may have admin: those of the platform, and those that have it in this plan, as far as they have slugs.
def administering($names; $platform):
  [
    (.resource_changes // [])[]
    | select(.mode == "managed" and .change.after)
    | .type as $resource
    | .change | after
    | if $resource == "bitbucket_group" then select(.permission == "admin") | .slug
      else entries($resource; $names) | select(.who.kind == "group" and .level == "admin") | .who.id end
  ]
  | map(select(. != null)) + $platform.groups;

input | complete
| $platform[0] as $platform
| if ($platform.groups | type) == "array" and ($platform.people | type) == "object" then . else error("platform.json does not name groups and people") end
| names as $names
| [$platform.people | keys[] | person($names).key] as $people
| administering($names; $platform) as $administering
| def outside: if .kind == "group" then .id | IN($platform.groups[]) | not else .key | IN($people[]) | not end;
  def administers: . == null or IN($administering[]);
  def joins($who; $where): "\($who) would become a member of \($where), which may have admin";

  # access is what is wrong with a resource that gives access.
  def access:
    . as $c
    | scopes[.type] as $s
    | .change.after as $after
    | where($s.on; $names; $after.workspace; $after[$s.at]) as $where
    | had($names) as $had
    | select($s.on != "group" or ($after[$s.at] | administers))
    | if [$s.users, $s.groups] | any(. != null and $c.change.after_unknown[.] == true) then "who has access to \($where) is known only after apply"
      else empty end,
      (.change | after | entries($c.type; $names)
        | select((.who | outside) and ($had[.who.key] | not))
        | if $s.on == "group" then joins(.who | who; $where)
          elif .level == null then "\(.who | who) would become admin of \($where), as its level is known only after apply"
          elif .level == "admin" then "\(.who | who) would become admin of \($where)"
          else empty end);

  # default is what is wrong with a group: what it gets on new repositories, and who joins it without being named. Before it is there, its name says
  # what slug it may get.
  def default:
    .change as $change
    | $change.after as $after
    | where("group"; $names; $after.workspace; $after.slug // $after.name) as $where
    | (unknown("permission") or $after.permission == "admin") as $admin
    | (if $after.slug then $after.slug | administers else $after.name == null or ($after.name | slugged($administering)) end) as $administers
    | if $admin and $change.before.permission != "admin" and ($after.slug == null or ($after.slug | IN($platform.groups[]) | not))
      then "\($where) would get admin on every new repository" else empty end,
      if (unknown("auto_add") or $after.auto_add) and $change.before.auto_add != true and ($admin or $administers)
      then joins("everybody who joins the workspace"; $where) else empty end;

  # invitation is what is wrong with an invitation. Who is invited has no id yet, so nobody is of the platform group.
  def invitation:
    .change.after as $after
    | ($after.email // "somebody" | code) as $who
    | if ($after.repo_slug or unknown("repo_slug")) and ($after.permission == "admin" or unknown("permission"))
      then "\($who) would become admin of \(where("repository"; $names; $after.workspace; $after.repo_slug))" else empty end,
      if unknown("group_slugs") then "\($who) would join groups that are known only after apply" else empty end,
      (($after.group_slugs // [])[] | select(. != null and administers) | joins($who; where("group"; $names; $after.workspace; .)));

  [
    (.resource_changes // [])[]
    | select(.mode == "managed" and .change.after and (.change.actions | index("create") or index("update")))
    | (.address | code) as $address
    | if scopes[.type] then access
      elif .type == "bitbucket_group" then default
      elif .type == "bitbucket_workspace_invitation" then invitation
      elif .type | startswith("bitbucket_") then "the policy does not know what \(.type) gives"
      else empty end
    | "- \($address): \(.)"
  ] as $refused
| if $refused == [] then "The policy allows this plan: nobody outside the platform group becomes admin."
  else
    "The policy refuses this plan: nobody outside the platform group becomes admin.\n\n\($refused | unique | join("\n"))\n" | halt_error(3)
  end
