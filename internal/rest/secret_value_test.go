package rest_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

func TestValuesThatHoldASecretDoNotPrintIt(t *testing.T) {
	t.Parallel()
	for who, h := range holders {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			credential := h.credential(t)
			o := rest.Options{Credential: credential}
			c := newClient(t, serve(t, say(403, "no")).URL, o)
			_, err := c.Send(t.Context(), get("x")) // so that the OAuth client has a token
			for name, value := range map[string]any{
				"the credential": credential, "a list of it": []rest.Credential{credential}, "the options": o, "a pointer to them": &o,
				"a client": c, "the client itself": *c, "an error": err,
			} {
				var log strings.Builder
				slog.New(slog.NewTextHandler(&log, nil)).Info("debug", "value", value)
				slog.New(slog.NewJSONHandler(&log, nil)).Info("debug", "value", value)
				for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
					fmt.Fprintf(&log, verb+"\n", value)
				}
				encoded, _ := json.Marshal(value) // what cannot be encoded shows nothing
				log.Write(encoded)
				text := log.String()
				for _, secret := range append(h.secrets, fmt.Sprintf("%x", h.secrets[0]), fmt.Sprintf("%d", []byte(h.secrets[0]))) {
					if strings.Contains(text, secret) || shows(text, h.secrets) != "" {
						t.Errorf("%s shows %s:\n%s", name, secret, text)
					}
				}
			}
		})
	}
}
