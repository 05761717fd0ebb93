package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// tokenPath is where OAuth consumers get their tokens; Bitbucket serves it from bitbucket.org.
const tokenPath = "/site/oauth2/access_token"

// tokenLife is how long a token lives: the documentation says one hour, 7200 seconds were observed (terrakube#47).
const tokenLife = 7200 * time.Second

// token answers the client credentials grant. No credential of the API is asked for, and no budget is spent.
func (x *exchange) token() (answer, error) {
	if x.r.Method != http.MethodPost {
		return answer{}, failText(http.StatusMethodNotAllowed, "")
	}
	key, secret, _ := x.r.BasicAuth()
	consumer := x.s.credentials.consumers[key]
	if consumer == nil || consumer.secret != secret || consumer.revoked {
		return answer{}, failOAuth(http.StatusUnauthorized, "unauthorized_client", "Invalid OAuth client credentials")
	}
	form, err := url.ParseQuery(string(x.body))
	if err != nil || form.Get("grant_type") != "client_credentials" {
		return answer{}, failOAuth(http.StatusBadRequest, "unsupported_grant_type", "Only client_credentials is simulated")
	}
	issued := x.s.credentials.add(credential{
		kind: kindOAuth, workspace: consumer.workspace, consumer: consumer.consumer, scopes: slices.Clone(consumer.scopes),
		expires: x.s.options.Now().Add(tokenLife),
	})
	// The key is scopes, not the scope of RFC 6749 (terrakube#47).
	return ok(object{
		"access_token": issued.secret, "scopes": strings.Join(issued.scopes, " "), "expires_in": int(tokenLife / time.Second),
		"token_type": "bearer", "state": "client_credentials", "refresh_token": uuidOf("refresh", issued.secret),
	})
}

// failOAuth is an error of the token endpoint, in the shape of RFC 6749; which status Bitbucket chooses is not recorded.
func failOAuth(status int, code, description string) answerError {
	return answerError{answer{status: status, body: object{"error": code, "error_description": description}}}
}
