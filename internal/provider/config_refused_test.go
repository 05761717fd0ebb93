package provider_test

import (
	"strings"
	"testing"
)

// TestConfigurationsAreRefusedAtTheAttributeAtFault holds that what is wrong with the provider's configuration is said at the attribute at
// fault, whether it comes from the block or from the environment, and that no secret is repeated.
func TestConfigurationsAreRefusedAtTheAttributeAtFault(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		block map[string]any
		env   map[string]string
		at    string // the attribute; "" is the block
		want  []string
	}{
		{"nothing", nil, nil, "", []string{"No credential", "username", "api_token", "BITBUCKET_USERNAME and BITBUCKET_API_TOKEN"}},
		{"a name without a token", map[string]any{"username": "ada@example.com"}, nil, "api_token", []string{
			"Missing api_token", "api_token is needed together with username", "BITBUCKET_API_TOKEN",
		}},
		{"a token without a name", map[string]any{"api_token": "ATATT3xSecret"}, nil, "username", []string{
			"Missing username", "username is needed together with api_token", "BITBUCKET_USERNAME",
		}},
		{"the deprecated name alone", map[string]any{"password": "ATATT3xSecret"}, nil, "username", []string{
			"Missing username", "username is needed together with password",
		}},
		{"half of an OAuth consumer", map[string]any{"oauth_client_id": "key"}, nil, "oauth_client_secret", []string{
			"Missing oauth_client_secret", "oauth_client_secret is needed together with oauth_client_id", "BITBUCKET_OAUTH_CLIENT_SECRET",
		}},
		{"the other half of an OAuth consumer", map[string]any{"oauth_client_secret": "ATATT3xSecret"}, nil, "oauth_client_id", []string{
			"Missing oauth_client_id", "BITBUCKET_OAUTH_CLIENT_ID",
		}},
		{"half of a credential in the environment", nil, map[string]string{"BITBUCKET_USERNAME": "ada@example.com"}, "api_token", []string{
			"Missing api_token", "api_token is needed together with username", "BITBUCKET_API_TOKEN",
		}},
		{"two credentials", more(token, map[string]any{"access_token": "ATATT3xSecret"}), nil, "", []string{
			"More than one credential", "username, api_token, access_token", "Keep exactly one",
		}},
		{"one and a half", map[string]any{"access_token": "ATATT3xSecret", "oauth_client_id": "key"}, nil, "", []string{
			"More than one credential", "access_token, oauth_client_id",
		}},
		{"both names of the token", more(token, map[string]any{"password": "ATATT3xSecret"}), nil, "", []string{
			"Invalid Attribute Combination", "password", "api_token",
		}},
		{"two credentials in the environment", nil, more(tokenIn, map[string]string{"BITBUCKET_ACCESS_TOKEN": "ATCTT3xSecret"}), "", []string{
			"More than one credential", "The environment has BITBUCKET_USERNAME, BITBUCKET_API_TOKEN, BITBUCKET_ACCESS_TOKEN", "Keep exactly one",
		}},
		{"an empty text", map[string]any{"username": "", "api_token": "ATATT3xSecret"}, nil, "", []string{"Invalid username", "the text is empty"}},
		{"plain http", more(token, map[string]any{"base_url": "http://api.bitbucket.org"}), nil, "", []string{
			"Invalid base_url", "must start with https://", "loopback",
		}},
		{"plain http in the environment", nil, more(tokenIn, map[string]string{"BITBUCKET_BASE_URL": "http://api.bitbucket.org"}), "base_url", []string{
			"Invalid base_url", "BITBUCKET_BASE_URL", "must start with https://",
		}},
		{"a secret in an address", more(token, map[string]any{"base_url": "https://ada:ATATT3xSecret@api.bitbucket.org"}), nil, "", []string{
			"Invalid base_url", "must hold a scheme, a host and at most a path",
		}},
		{"plain http to the administration", more(token, map[string]any{"admin_base_url": "http://example.com"}), nil, "", []string{
			"Invalid admin_base_url", "must start with https://",
		}},
		{
			"plain http to the administration in the environment", more(token, map[string]any{"organization.id": organizationID, "organization.api_key": "key"}),
			map[string]string{"ATLASSIAN_ADMIN_BASE_URL": "http://example.com"},
			"admin_base_url",
			[]string{"ATLASSIAN_ADMIN_BASE_URL", "must start with https://"},
		},
		{
			"plain http for tokens in the environment",
			map[string]any{"oauth_client_id": "key", "oauth_client_secret": "ATATT3xSecret"},
			map[string]string{"BITBUCKET_OAUTH_TOKEN_URL": "http://example.com"},
			"oauth_token_url",
			[]string{"Invalid oauth_token_url", "BITBUCKET_OAUTH_TOKEN_URL", "must start with https://"},
		},
		{"a wait that is no duration", more(token, map[string]any{"max_rate_limit_wait": "soon"}), nil, "max_rate_limit_wait", []string{
			"Invalid max_rate_limit_wait", `"soon" is not a duration such as 90s, 15m or 1h`,
		}},
		{"a wait into the past", more(token, map[string]any{"max_rate_limit_wait": "-1s"}), nil, "max_rate_limit_wait", []string{`"-1s" is not a duration`}},
		{"no requests at all", more(token, map[string]any{"requests_per_hour": 0}), nil, "requests_per_hour", []string{"requests_per_hour", "between 1 and 100000"}},
		{"more requests than memory", more(token, map[string]any{"requests_per_hour": 100_001}), nil, "requests_per_hour", []string{"between 1 and 100000"}},
		{"a filter that admits nothing", more(token, map[string]any{"workspaces": []string{}}), nil, "workspaces", []string{"workspaces", "at least 1"}},
		{"the address of a workspace", more(token, map[string]any{"workspaces": []string{"https://bitbucket.org/acme"}}), nil, "workspaces[0]", []string{
			`"https://bitbucket.org/acme" is not the slug of a workspace`,
		}},
		{"an organization without a key", more(token, map[string]any{"organization.id": organizationID}), nil, "organization.api_key", []string{
			"Missing organization.api_key", "organization.api_key is needed together with organization.id", "ATLASSIAN_ADMIN_API_KEY",
		}},
		{"a key without an organization", token, map[string]string{"ATLASSIAN_ADMIN_API_KEY": "ATATT3xSecret"}, "organization.id", []string{
			"Missing organization.id", "ATLASSIAN_ORG_ID",
		}},
		{"an organization by name", more(token, map[string]any{"organization.id": "acme", "organization.api_key": "ATATT3xSecret"}), nil, "", []string{
			"Invalid organization.id", "not the id of an organization, which is a UUID",
		}},
		{
			"an organization by name in the environment", token,
			map[string]string{"ATLASSIAN_ORG_ID": "acme", "ATLASSIAN_ADMIN_API_KEY": "ATATT3xSecret"},
			"organization.id",
			[]string{"Invalid organization.id", "ATLASSIAN_ORG_ID", "not the id of an organization"},
		},
		{
			"the organization's id and its key in each other's place", token,
			map[string]string{"ATLASSIAN_ORG_ID": "ATCTT3xSecret", "ATLASSIAN_ADMIN_API_KEY": "6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10"},
			"organization.id",
			[]string{"Invalid organization.id", "ATLASSIAN_ORG_ID", "not the id of an organization"},
		},
		{
			"the key as the organization's id", more(token, map[string]any{"organization.id": "ATCTT3xSecret", "organization.api_key": "ATATT3xSecret"}), nil, "",
			[]string{"Invalid organization.id", "not the id of an organization"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			diags := configured(t, test.env, providerBlock(test.block))
			found := false
			for _, d := range diags {
				text := d.Summary + "\n" + d.Detail
				found = found || says(test.want...).MatchString(text) && attributeName(d.Attribute) == shownAt(test.at)
				if strings.Contains(text, "Secret") && !strings.Contains(text, "oauth_client_secret") {
					t.Errorf("a secret is repeated: %s", text)
				}
			}
			if !found {
				for _, d := range diags {
					t.Errorf("at %q: %s: %s", attributeName(d.Attribute), d.Summary, d.Detail)
				}
				t.Errorf("nothing at %q says %q", shownAt(test.at), test.want)
			}
		})
	}
}
