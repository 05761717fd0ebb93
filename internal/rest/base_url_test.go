package rest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

func TestBaseURLsThatAreAccepted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"https":                             {"https://api.bitbucket.org", "https://api.bitbucket.org"},
		"https in capitals":                 {"HTTPS://api.bitbucket.org", "https://api.bitbucket.org"},
		"https with a port":                 {"https://api.bitbucket.org:8443", "https://api.bitbucket.org:8443"},
		"a path prefix":                     {"https://api.atlassian.com/admin", "https://api.atlassian.com/admin"},
		"a slash at the end":                {"https://api.atlassian.com/admin/", "https://api.atlassian.com/admin"},
		"an escaped slash in the prefix":    {"https://proxy.example/a%2Fb", "https://proxy.example/a%2Fb"},
		"http to an address of loopback":    {"http://127.0.0.1:8080", "http://127.0.0.1:8080"},
		"http to another one of loopback":   {"http://127.8.9.10", "http://127.8.9.10"},
		"http to loopback of IPv6":          {"http://[::1]:8080", "http://[::1]:8080"},
		"http to localhost":                 {"http://localhost:8080/api", "http://localhost:8080/api"},
		"http to localhost in mixed case":   {"http://LocalHost", "http://LocalHost"},
		"https to an address that is local": {"https://10.0.0.1", "https://10.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, err := rest.ParseBaseURL(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if u.String() != tt.want {
				t.Errorf("ParseBaseURL(%q) = %s, want %s", tt.text, u, tt.want)
			}
		})
	}
}

func TestBaseURLsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, reason string }{
		"nothing":                           {"", "absolute URL"},
		"a host without a scheme":           {"api.bitbucket.org", "absolute URL"},
		"a scheme without a host":           {"https://", "absolute URL"},
		"an opaque URL":                     {"https:api.bitbucket.org", "absolute URL"},
		"no URL":                            {"https://api bitbucket", "not a URL"},
		"another scheme":                    {"ftp://api.bitbucket.org", "https://"},
		"plain http":                        {"http://api.bitbucket.org", "loopback"},
		"plain http to a private address":   {"http://10.0.0.1", "loopback"},
		"plain http to every address":       {"http://0.0.0.0:8080", "loopback"},
		"a name that starts like localhost": {"http://localhost.example.com", "loopback"},
		"a name that ends like localhost":   {"http://notlocalhost", "loopback"},
		"a name that starts like 127.0.0.1": {"http://127.0.0.1.example.com", "loopback"},
		"a name behind 127.0.0.1":           {"http://127.0.0.1.evil.example", "loopback"},
		"a name behind localhost":           {"http://localhost.evil", "loopback"},
		"localhost with a dot":              {"http://localhost.", "loopback"},
		"127.0.0.1 with a dot":              {"http://127.0.0.1.", "loopback"},
		"plain http in capitals":            {"HTTP://api.bitbucket.org", "loopback"},
		"plain http with a path of https":   {"http://api.bitbucket.org/https://x", "loopback"},
		"loopback as one number":            {"http://2130706433", "loopback"},
		"loopback in octal":                 {"http://0177.0.0.1", "loopback"},
		"loopback in hexadecimal":           {"http://0x7f.0.0.1", "loopback"},
		"loopback as one hexadecimal":       {"http://0x7f000001", "loopback"},
		"loopback in short":                 {"http://127.1", "loopback"},
		"zero":                              {"http://0", "loopback"},
		"every address of IPv6":             {"http://[::]", "loopback"},
		"a private address within IPv6":     {"http://[::ffff:10.0.0.1]", "loopback"},
		"loopback with a zone":              {"http://[::1%25eth0]", "loopback"},
		"a local address with a zone":       {"http://[fe80::1%25lo]:80", "loopback"},
		"digits of another script":          {"http://１２７.0.0.1", "loopback"},
		"a dot of another script":           {"http://localhost。evil.example", "loopback"},
		"loopback of IPv6 as a user":        {"http://[::1]@evil.example", "not a URL"},
		"a name behind loopback of IPv6":    {"http://[::1].evil.example", "not a URL"},
		"loopback as an empty user":         {"http://127.0.0.1:80@evil.example", "a scheme, a host"},
		"a backslash before the host":       {`http://127.0.0.1\@evil.example`, "not a URL"},
		"backslashes for slashes":           {`http:\\127.0.0.1`, "not a"},
		"an escaped dot":                    {"http://localhost%2eevil.example", "not a URL"},
		"a zero byte":                       {"http://127.0.0.1\x00.evil.example", "not a URL"},
		"a line break":                      {"http://127.0.0.1\n.evil.example", "not a URL"},
		"a tab before the scheme":           {"\thttp://127.0.0.1", "not a URL"},
		"a web socket":                      {"ws://127.0.0.1", "https://"},
		"a file":                            {"file:///etc/passwd", "absolute URL"},
		"no scheme":                         {"//127.0.0.1", "https://"},
		"a user":                            {"https://ada@api.bitbucket.org", "a scheme, a host"},
		"a user and a password":             {"https://ada:secret@api.bitbucket.org", "a scheme, a host"},
		"loopback in the place of the user": {"http://127.0.0.1@api.bitbucket.org", "a scheme, a host"},
		"a query":                           {"https://api.bitbucket.org?a=b", "a scheme, a host"},
		"an empty query":                    {"https://api.bitbucket.org?", "a scheme, a host"},
		"a fragment":                        {"https://api.bitbucket.org#top", "a scheme, a host"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, err := rest.ParseBaseURL(tt.text)
			if err == nil {
				t.Fatalf("ParseBaseURL(%q) = %s, want an error", tt.text, u)
			}
			if !strings.Contains(err.Error(), tt.reason) {
				t.Errorf("error is %q, want one that holds %q", err, tt.reason)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("error shows the password: %v", err)
			}
			if _, err := rest.New(rest.Options{BaseURL: tt.text}); err == nil {
				t.Error("New accepts it")
			}
			if _, err := rest.NewClientCredentials("id", "secret", tt.text); err == nil {
				t.Error("NewClientCredentials accepts it")
			}
		})
	}
}

func TestThePathPrefixOfTheBaseURLIsKept(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ prefix, want string }{
		"no prefix":                   {"", "/2.0/user"},
		"a slash":                     {"/", "/2.0/user"},
		"a prefix":                    {"/admin", "/admin/2.0/user"},
		"a prefix and a slash":        {"/admin/", "/admin/2.0/user"},
		"a prefix that needs escapes": {"/a%2Fb", "/a%2Fb/2.0/user"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, fine)
			if _, err := newClient(t, s.URL+tt.prefix, rest.Options{}).Send(t.Context(), get("2.0", "user")); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{tt.want}, s.uris()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEveryRequestSaysWhoAsksAndForWhat(t *testing.T) {
	t.Parallel()
	s := serve(t, fine)
	c := newClient(t, s.URL, rest.Options{UserAgent: "terraform-provider-bitbucket/test"})
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodPost, http.MethodDelete} {
		if _, err := c.Send(t.Context(), rest.Request{Method: method, Path: []string{"user"}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range s.requests() {
		if r.Header.Get("User-Agent") != "terraform-provider-bitbucket/test" || r.Header.Get("Accept") != "application/json" {
			t.Errorf("%s has User-Agent %q and Accept %q", r.Method, r.Header.Get("User-Agent"), r.Header.Get("Accept"))
		}
	}
}
