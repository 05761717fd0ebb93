package simulator

// User is a person with an Atlassian account.
type User struct {
	// UUID is Bitbucket's id, with braces.
	UUID string `json:"uuid,omitempty"`
	// AccountID is the Atlassian account id, such as 557058:ba89….
	AccountID   string `json:"account_id,omitempty"`
	DisplayName string `json:"display_name"`
	Nickname    string `json:"nickname,omitempty"`
	Email       string `json:"email,omitempty"`
	// Inactive says that Atlassian has deactivated the account: it stays listed but can no longer sign in.
	Inactive bool `json:"inactive,omitempty"`
	// Invited says that an invitation has made the account and nobody has signed up for it yet: Bitbucket does not know it.
	Invited bool `json:"invited,omitempty"`
}

// Workspace is the container of groups, projects and repositories.
type Workspace struct {
	Slug string `json:"slug"`
	Name string `json:"name,omitempty"`
	UUID string `json:"uuid,omitempty"`
	// OrganizationManaged says that people and groups are administered at admin.atlassian.com: 1.0 cannot write here and
	// the slug of a group is a UUID.
	OrganizationManaged bool `json:"organization_managed,omitempty"`
	// Organization is the id of the organization that the workspace is linked to. Linked is not migrated: without
	// OrganizationManaged the organization only lists the workspace. Blank with OrganizationManaged makes an organization.
	Organization string `json:"organization,omitempty"`
	// SeatLimit is how many people the plan lets have access; 0 means any number.
	SeatLimit int `json:"seat_limit,omitempty"`
	// Deactivated says that Bitbucket has closed the workspace because nobody used it.
	Deactivated bool `json:"deactivated,omitempty"`
}

// Group is a set of members of a workspace.
type Group struct {
	Name string `json:"name"`
	Slug string `json:"slug,omitempty"`
	// UUID is blank unless the workspace is managed by an organization, where it is also the slug.
	UUID string `json:"uuid,omitempty"`
	// Permission is what the group gets on each new repository; "" means nothing.
	Permission string `json:"permission,omitempty"`
	// AutoAdd puts everyone who joins the workspace into the group.
	AutoAdd                 bool `json:"auto_add,omitempty"`
	EmailForwardingDisabled bool `json:"email_forwarding_disabled,omitempty"`
	// Members holds the UUIDs of the people in the group.
	Members []string `json:"members,omitempty"`
}

// Project is a container of repositories whose grants the repositories inherit.
type Project struct {
	// Workspace is the slug of the workspace; blank inside a Seed, where the place says it.
	Workspace   string `json:"workspace,omitempty"`
	Key         string `json:"key"`
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
	UUID        string `json:"uuid,omitempty"`
	Public      bool   `json:"public,omitempty"`
}

// Repository is a repository in a project.
type Repository struct {
	// Workspace is the slug of the workspace; blank inside a Seed, where the place says it.
	Workspace string `json:"workspace,omitempty"`
	// Project is the key of the project; blank means the oldest project of the workspace.
	Project     string `json:"project,omitempty"`
	Slug        string `json:"slug"`
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
	UUID        string `json:"uuid,omitempty"`
	Public      bool   `json:"public,omitempty"`
}

// Grant is one explicit permission: of exactly one of User and Group on exactly one of Project and Repository.
type Grant struct {
	// Workspace is the slug of the workspace; blank inside a Seed, where the place says it.
	Workspace  string `json:"workspace,omitempty"`
	Project    string `json:"project,omitempty"`    // key
	Repository string `json:"repository,omitempty"` // slug
	User       string `json:"user,omitempty"`       // uuid
	Group      string `json:"group,omitempty"`      // slug
	Permission string `json:"permission,omitempty"`
}
