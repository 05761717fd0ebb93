// Package simulator is Bitbucket Cloud in memory: the endpoints that decide who may do what, as an http.Handler over a typed
// world, and, over the same world, the part of api.atlassian.com that administers organizations. It is written from the public
// contract of both APIs alone and imports nothing of this module, so that a mistake in a client cannot hide behind the same
// mistake here.
//
//	s := simulator.New(simulator.Options{})
//	if err := s.Load(simulator.Acme()); err != nil { … }
//	server := httptest.NewServer(s.Bitbucket())
//	// sign in with simulator.AcmeUsername and simulator.AcmeAPIToken
//	organization := httptest.NewServer(s.Atlassian()) // paths start with /admin/
//	// sign in with simulator.AcmeOrganizationKey
//
// A workspace with OrganizationManaged has no people and groups of its own: its groups are the organization's groups that have a
// role on the workspace, its members the people who have one, directly or through a group, and are not suspended. Whatever
// changes that, through either API or behind their backs, shows in both.
//
// Direct functions arrange the world (AddUser, Grant, RemoveMember …), inspect it (Permission, Grants, Group), break it (Inject)
// and tell what was asked (Journal, Count). Functions that arrange or inspect panic when the world does not hold what they name:
// that is a mistake in a test, never an answer of the API.
//
// # Where the contract is unsure
//
// Nobody has written down, or reports disagree about, what Bitbucket does here; the simulator decided:
//
//   - PUT of a grant for a person outside the workspace is 400, GET and DELETE are 404; an unknown person is always 404.
//   - A workspace owner is refused (400) in repository grants but not in project grants. Options.OwnerGrants lifts it.
//   - DELETE of a grant that is not there is 204; Options.AbsentGrantNotFound makes it 404.
//   - PUT of somebody who is in the group already is 200; Options.MemberConflict makes it 409. DELETE of somebody who is not in
//     the group, and PUT of somebody outside the workspace, are 404.
//   - API 1.0 with the UUID of a workspace in the path is 403 for reads and 405 for writes (DrFaust92#258). API tokens need both
//     scopes that are reported for it.
//   - A group or project that is there already is 400.
//   - Access tokens cannot read permissions-config, unless AccessToken.ReadsPermissions says so; OAuth consumers can.
//   - Effective permissions cannot be queried by uuid or account id of a user (400).
//   - Workspaces are private: to outsiders they look missing. Members see every project of their workspace.
//   - A method that a path does not know is 405 with an empty body.
//   - Every request of a credential counts against its budget, unless Options.LimitedPrefixes says which do; answers of faults and
//     refused requests (429) cost nothing.
//   - A seat of the plan is taken by each owner and by everyone whom an explicit grant reaches.
//   - Wrong secrets of an OAuth consumer are 401 unauthorized_client.
//   - Invitations of API 1.0 ask for the scopes of groups. PUT for somebody who is a member already is 200 and puts the member into
//     the group at once, without a conflict when that is no change. GET is disabled like the writes where an organization manages
//     the workspace.
//
// And about organizations:
//
//   - Keys with scopes only read. Options.ScopedWrites lets them change groups. The searches ask for the scope of the list that
//     each replaces: read:groups:admin for groups, read:directories:admin for people.
//   - A write with "-" for the directory is 404 ADMIN-404-1. The directory in the path restricts groups, not people.
//   - A cursor remembers what was asked; only limit may differ when a search repeats it. next is a bare cursor in v2 lists, or a URL
//     with Options.CursorURLs, and always a URL in the list of workspaces.
//   - v1 calls that are gone are 404; Options.RemovedV1Gone makes it 410.
//   - Adding a member again is 409 ADMIN-409-28, a full workspace 409 ADMIN-409-3. Removing somebody who is not in the group is 204;
//     Options.AbsentMemberNotFound makes it 404.
//   - Synced groups refuse members and deletion with 403 ADMIN-403-5, but can be given roles. Default groups refuse deletion with
//     403 ADMIN-403-6; groups that grant administration or still have members do not (403-7 and 409-5 are never answered).
//   - A Bitbucket workspace takes the roles user, admin and user-access-admin; the last one alone makes nobody a member. Workspaces
//     that are linked and not managed take none (404 ADMIN-UAM-404-1). A role may be assigned and revoked twice.
//   - Every role that makes a member takes a seat, also of somebody who was invited and has not signed up; suspended people take
//     none.
//   - Suspended people stay in their groups and are listed; in Bitbucket they are no members, and their explicit grants rest until
//     access is restored. Whoever loses the last role loses the grants.
//   - Invited people without an account are listed as active at once, with an e-mail address that is not verified; Bitbucket does
//     not know them before AcceptInvitation. Whoever has an account is in at once. One deactivated account or synced group makes
//     the answer 206.
//   - A slug in Bitbucket is always the group's id, and groups without a role on the workspace do not exist there.
//   - The budget is one per organization and minute. Its headers are on every answer to an accepted key; only
//     Options.OrganizationRetryAfter adds Retry-After.
//   - Lags are 0 unless Options or SetOrganizationLag say otherwise.
//
// # What is not simulated
//
//   - Everything that carries no access: source, pull requests, pipelines, webhooks, issues, snippets, downloads.
//   - Deploy keys, SSH keys, branch restrictions, default reviewers, branching models and override-settings.
//   - API 1.0 beyond groups and invitations: group-privileges. Invitations send no mail; AcceptInvitation is what the mail is for.
//   - Forge apps, Connect, JWT, and OAuth grants other than client_credentials; refresh tokens are handed out but not accepted.
//   - The deprecated role collaborator and the role create-project.
//   - Redirects of renamed repositories, workspaces and projects; the old place is just 404.
//   - Forks, forking policies, repository sizes, languages and main branches; spam accounts; privacy settings of people.
//   - Grants that repeat or are missing because a list changed while a client paged through it (BCLOUD-23644), other than by
//     changing the world between two pages.
//   - Budgets that grow with the seats of the plan, budgets of anonymous callers, and X-Usage-Throttled.
//   - Seats taken by joining a group through API 1.0.
//   - Of organizations: managed accounts, domains, policies, events, counts and stats of groups and people, the v1 calls that assign
//     roles to people, organization roles such as org-admin, SCIM, products other than Bitbucket, teams, features and policies of
//     workspaces, renaming a group (new in November 2026, its path is not known) and expiry of keys.
package simulator
