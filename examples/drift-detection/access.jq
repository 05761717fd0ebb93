# What summary.jq and policy.jq know of a plan as "terraform show -json" tells it: who has what, by what name, and how Markdown says it.

# scopes are the types that give access: the kind of object it is on, and the attributes that name the object and who has access.
def scopes: {
  bitbucket_group_members_exclusive: {on: "group", at: "group_slug", users: "user_ids"},
  bitbucket_group_membership: {on: "group", at: "group_slug", user: "user_id"},
  bitbucket_project_group_permission: {on: "project", at: "project_key", group: "group_slug"},
  bitbucket_project_permissions_exclusive: {on: "project", at: "project_key", users: "users", groups: "groups"},
  bitbucket_project_user_permission: {on: "project", at: "project_key", user: "user_id"},
  bitbucket_repository_group_permission: {on: "repository", at: "repo_slug", group: "group_slug"},
  bitbucket_repository_permissions_exclusive: {on: "repository", at: "repo_slug", users: "users", groups: "groups"},
  bitbucket_repository_user_permission: {on: "repository", at: "repo_slug", user: "user_id"}
};

# others are the types that give access only later.
def others: {bitbucket_group: "group", bitbucket_workspace_invitation: "invitation"};

# code writes text that others have chosen as code, in which Markdown knows no links, mentions and tags. What would end a code or a column
# is taken care of: backticks by more of them around, pipes by a backslash, and a backslash before a pipe by one that only looks like it.
def code:
  tostring
  | gsub("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+"; " ")
  | if length > 80 then .[:79] + "…" else . end
  | ("`" * (1 + ([match("`+"; "g").length] | max // 0))) as $fence
  | gsub("\\\\"; "⧵")
  | gsub("\\|"; "\\|")
  | if . == "" or test("^[` ]|[` ]$") then "\($fence) \(.) \($fence)" else $fence + . + $fence end;

# id is the same for a UUID or account id however it is written.
def id: ascii_downcase | ltrimstr("{") | rtrimstr("}");

# texts leaves what is no text out of an object.
def texts: with_entries(select(.value | type == "string"));

# ours passes on what is of the provider.
def ours: select(.provider_name // "" | endswith("/bitbucket-access/bitbucket"));

# answers are objects with what Bitbucket has answered: of data sources, the lists that exclusive resources compute, and groups as they are before.
# Everything else in a plan, whoever writes the configuration can make say that somebody is somebody else.
def answers:
  (.prior_state.values.root_module // {} | recurse(.child_modules[]?) | .resources[]? | ours
    | select(.mode == "data" and (.type | startswith("bitbucket_"))) | .values | .. | objects),
  ((.resource_changes, .resource_drift)[]? | ours | select(scopes[.type].users) | .change.before, .change.after | objects | (.revokes, .extras, .lowers)[]?),
  (.resource_changes[]? | ours | select(.type == "bitbucket_group") | .change.before | objects | {group_slug: .slug, name});

# elsewhere tells whether a configuration asks something else than Bitbucket, which may answer anything.
def elsewhere:
  [.configuration.provider_config[]? | .expressions // {} | has("base_url") or has("admin_base_url")] | any;

# names are the names of people and groups that a plan holds, and the UUIDs behind account ids. An account with two UUIDs has none.
def names:
  [answers] as $all
  | {
      accounts: (if elsewhere then {} else
        [$all[] | {account: .account_id, user: (if has("uuid") then .uuid else .user_id end)} | texts
          | select(has("account") and has("user")) | {key: (.account | id), value: (.user | id)}]
        | unique | group_by(.key) | map(select(length == 1)[0]) | from_entries end),
      users: ([$all[] | {key: (.uuid // .user_id // .account_id), value: (.display_name // (if has("user_id") then .name else null end))} | texts
        | select(has("key") and has("value")) | .key |= id] | from_entries),
      groups: ([$all[] | select(.user_id == null) | {key: (.group_slug // (if has("members") then .slug else null end)), value: .name} | texts
        | select(has("key") and has("value"))] | from_entries)
    };

# person and group say who an id is. A null id is known only after apply.
def person($names):
  . as $id
  | if . == null then {kind: "user", key: "user"}
    else (id | $names.accounts[.] // .) as $uuid | {kind: "user", key: "user \($uuid)", id: $id, name: $names.users[$uuid]} end;

def group($names):
  if . == null then {kind: "group", key: "group"} else {kind: "group", key: "group \(.)", id: ., name: $names.groups[.]} end;

# who writes who somebody is. Names are not unique, so the id stands beside.
def who:
  if .id == null then "a \(.kind) known only after apply"
  elif .name == null or .name == .id then "\(.kind) \(.id | code)"
  else "\(.kind) \(.name | code) (\(.id | code))" end;

# where writes which object it is.
def where($on; $names; $workspace; $object):
  "\($workspace // "?")/\($object)" as $path
  | if $object == null then "a \($on) known only after apply"
    elif $on == "group" and ($object | test("-.*-.*-")) and $names.groups[$object] then "group \($names.groups[$object] | code) (\($path | code))"
    else "\($on) \($path | code)" end;

# entries are who has access by the values of a resource, and their levels. A null level is known only after apply.
def entries($resource; $names):
  scopes[$resource] as $s
  | if . == null or $s == null then empty
    elif $s.user then {who: (.[$s.user] | person($names)), level: (if $s.on == "group" then "member" else .permission end)}
    elif $s.group then {who: (.[$s.group] | group($names)), level: .permission}
    elif $s.on == "group" then .[$s.users] // [] | .[] | {who: person($names), level: "member"}
    else
      (.[$s.users] // {} | to_entries[] | {who: (.key | person($names)), level: .value}),
      (.[$s.groups] // {} | to_entries[] | {who: (.key | group($names)), level: .value})
    end;

# after is what a change makes of a resource. Levels on lists that are known only after apply are in it, as null.
def after:
  .after_unknown as $unknown
  | .after
  | if . == null then .
    else reduce ("users", "groups") as $list (.; if ($unknown[$list] | type) == "object"
      then .[$list] += ($unknown[$list] | with_entries(select(.value == true) | .value = null)) else . end) end;

# listed are the rows of a computed list of an exclusive resource.
def listed($list; $names):
  .[$list] // [] | .[]
  | {
      level: (.permission // "member"),
      who: ((if .user_id then .user_id | person($names) else .group_slug | group($names) end) + ({name} | texts))
    };

# complete passes on a plan that tells everything. All else is an error, so that nothing is taken for an empty plan.
def complete:
  if type != "object" or (.format_version | type) != "string" or (.planned_values | type) != "object"
  then error("this is no plan: give what \"terraform show -json\" prints")
  elif .format_version | startswith("1.") | not then error("plans of format \(.format_version) are not known here")
  elif .errored then error("the plan has failed")
  else . end;
