// Package simulator is Bitbucket Cloud in memory: the endpoints that decide who may do what, as an http.Handler over a typed
// world. It is written from the public contract of the API alone and imports nothing of this module, so that a mistake in a
// client cannot hide behind the same mistake here.
//
//	s := simulator.New(simulator.Options{})
//	if err := s.Load(simulator.Acme()); err != nil { … }
//	server := httptest.NewServer(s.Bitbucket())
//	// sign in with simulator.AcmeUsername and simulator.AcmeAPIToken
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
//
// # What is not simulated
//
//   - Everything that carries no access: source, pull requests, pipelines, webhooks, issues, snippets, downloads.
//   - Deploy keys, SSH keys, branch restrictions, default reviewers, branching models and override-settings.
//   - API 1.0 beyond groups: group-privileges and invitations. Nobody can be invited; AddMember is the way in.
//   - Forge apps, Connect, JWT, and OAuth grants other than client_credentials; refresh tokens are handed out but not accepted.
//   - The deprecated role collaborator and the role create-project.
//   - Redirects of renamed repositories, workspaces and projects; the old place is just 404.
//   - Forks, forking policies, repository sizes, languages and main branches; spam accounts; privacy settings of people.
//   - Grants that repeat or are missing because a list changed while a client paged through it (BCLOUD-23644), other than by
//     changing the world between two pages.
//   - Budgets that grow with the seats of the plan, budgets of anonymous callers, and X-Usage-Throttled.
//   - Seats taken by joining a group through API 1.0.
package simulator
