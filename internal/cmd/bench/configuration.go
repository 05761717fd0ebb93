package main

import (
	"fmt"
	"strings"
)

// header asks for a provider.
func header(name, source string) string {
	return fmt.Sprintf("terraform {\n  required_providers {\n    %s = {\n      source = %q\n    }\n  }\n}\n", name, source)
}

// bitbucketHeader asks for the provider under measurement.
var bitbucketHeader = header("bitbucket", bitbucketSource)

// instance is a block and what distinguishes it from others of its type.
type instance struct {
	resourceType, name string
	words              []string // as many as others of its type have
	block              string
}

// program is a configuration of instances after a header.
func program(header string, instances []instance) string {
	var text strings.Builder
	text.WriteString(header)
	for _, in := range instances {
		text.WriteString(in.block)
	}
	return text.String()
}

// configuration writes the grants. Every instance has a block of its own: one for_each over thousands would cost Terraform more than all that
// is measured here.
func (s shape) configuration(grants []grant, w writing) string {
	if w == additive {
		return program(bitbucketHeader, s.additive(grants))
	}
	var text strings.Builder
	text.WriteString(bitbucketHeader)
	byObject := map[string][]grant{}
	for _, g := range grants {
		byObject[g.object] = append(byObject[g.object], g)
	}
	for i, object := range objects(grants) {
		text.WriteString(s.exclusiveBlock(i, object, byObject[object]))
	}
	return text.String()
}

// additive writes each grant as an instance.
func (s shape) additive(grants []grant) []instance {
	instances := make([]instance, len(grants))
	for i, g := range grants {
		resourceType, object, principal, level := "bitbucket_repository_group_permission", "repo_slug", "group_slug", "  permission = \"write\"\n"
		switch {
		case s.members:
			resourceType, object, principal, level = "bitbucket_group_membership", "group_slug", "user_id", ""
		case g.user:
			resourceType, principal = "bitbucket_repository_user_permission", "user_id"
		}
		name := fmt.Sprintf("n%d", i)
		block := fmt.Sprintf("resource %q %q {\n  workspace = \"acme\"\n  %s = %q\n  %s = %q\n%s}\n",
			resourceType, name, object, g.object, principal, g.principal, level)
		instances[i] = instance{resourceType, name, []string{g.object, g.principal}, block}
	}
	return instances
}

// exclusiveBlock writes all grants of one object.
func (s shape) exclusiveBlock(i int, object string, grants []grant) string {
	var users, groups strings.Builder
	for _, g := range grants {
		switch {
		case s.members:
			fmt.Fprintf(&users, "    %q,\n", g.principal)
		case g.user:
			fmt.Fprintf(&users, "    %q = \"write\"\n", g.principal)
		default:
			fmt.Fprintf(&groups, "    %q = \"write\"\n", g.principal)
		}
	}
	if s.members {
		return fmt.Sprintf("resource \"bitbucket_group_members_exclusive\" \"n%d\" {\n  workspace  = \"acme\"\n  group_slug = %q\n  user_ids = [\n%s  ]\n}\n",
			i, object, &users)
	}
	return fmt.Sprintf("resource \"bitbucket_repository_permissions_exclusive\" \"n%d\" {\n  workspace = \"acme\"\n  repo_slug = %q\n"+
		"  users = {\n%s  }\n  groups = {\n%s  }\n}\n", i, object, &users, &groups)
}
