package provider

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

func TestWhatHoldsTheConfigurationDoesNotPrintItsSecrets(t *testing.T) {
	t.Parallel()
	const secret = "ATATT3xFfGF0T4JVjdmA2dnS"
	texts := map[string]attr.Type{"id": types.StringType, "api_key": types.StringType, "directory_id": types.StringType}
	block := organizationModel{ID: types.StringValue("6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10"), APIKey: types.StringValue(secret)}
	model := providerModel{
		Organization: types.ObjectValueMust(texts, map[string]attr.Value{"id": block.ID, "api_key": block.APIKey, "directory_id": types.StringNull()}),
	}
	kinds := map[string]func(m providerModel) providerModel{
		"an API token": func(m providerModel) providerModel {
			m.Username, m.APIToken = types.StringValue("ada"), types.StringValue(secret)
			return m
		},
		"a password": func(m providerModel) providerModel {
			m.Username, m.Password = types.StringValue("ada"), types.StringValue(secret)
			return m
		},
		"an access token": func(m providerModel) providerModel { m.AccessToken = types.StringValue(secret); return m },
		"an OAuth token":  func(m providerModel) providerModel { m.OAuthToken = types.StringValue(secret); return m },
		"an OAuth consumer": func(m providerModel) providerModel {
			m.OAuthClientID, m.OAuthClientSecret = types.StringValue("key"), types.StringValue(secret)
			return m
		},
	}
	for name, give := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, p := give(model), newProvider("test", Options{Getenv: func(string) string { return "" }})
			directory, diags := p.directory(t.Context(), m)
			if diags.HasError() {
				t.Fatal(diags)
			}
			_, credential, _ := m.credential(func(string) string { return "" })
			options := rest.Options{BaseURL: bitbucket.DefaultBaseURL, Credential: credential}
			client, err := rest.New(options)
			if err != nil {
				t.Fatal(err)
			}
			for what, value := range map[string]any{
				"the model": m, "a pointer to it": &m, "the block": block, "the directory": directory, "the provider": p, "the credential": credential,
				"the options": options, "the client": client, "the client of Bitbucket": bitbucket.New(client), "diagnostics": diags,
			} {
				encoded, _ := json.Marshal(value) // what cannot be encoded shows nothing
				if text := fmt.Sprintf("%v %+v %#v %s %q", value, value, value, value, value) + string(encoded); strings.Contains(text, secret) {
					t.Errorf("%s shows its secret: %s", what, text)
				}
			}
		})
	}
}
