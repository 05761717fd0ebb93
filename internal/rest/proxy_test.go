package rest_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// asking asks the addresses in a process with these variables, because Go reads those of proxies once, and returns what it printed.
func asking(t *testing.T, addresses []string, variables ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0])
	command.Env = append([]string{askVariable + "=" + strings.Join(addresses, " ")}, variables...)
	printed, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, printed)
	}
	return string(printed)
}

// serveProxy is a proxy that takes every host for the server at address.
func serveProxy(t *testing.T, address string) *server {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			return
		}
		to, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", address)
		if err != nil {
			return
		}
		defer to.Close()
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(to, conn) }()
		_, _ = io.Copy(conn, to)
	})
}

func TestAProxySeesNeitherCredentialsNorRequestsToLoopback(t *testing.T) {
	t.Parallel()
	secure := serveTLS(t, nil)
	local := serve(t, fine)
	localhost := strings.Replace(local.URL, "127.0.0.1", "localhost", 1)
	for _, names := range [][]string{{"HTTP_PROXY", "HTTPS_PROXY"}, {"http_proxy", "https_proxy"}} {
		proxy := serveProxy(t, strings.TrimPrefix(secure, "https://"))
		address := strings.Replace(proxy.URL, "http://", "http://ada:proxy-password@", 1)
		printed := asking(t, []string{"https://api.bitbucket.example", local.URL, localhost, secure}, names[0]+"="+address, names[1]+"="+address)
		lines := strings.Split(strings.TrimSpace(printed), "\n")
		if len(lines) != 4 || !strings.Contains(lines[0], "certificate") || lines[1] != local.URL+" <nil>" || lines[2] != localhost+" <nil>" ||
			!strings.Contains(lines[3], "certificate") {
			t.Errorf("the answers are\n%s", printed)
		}
		var seen []string
		for _, r := range proxy.requests() {
			seen = append(seen, r.Method+" "+r.URI+r.Header.Get("Authorization"))
		}
		if diff := cmp.Diff([]string{"CONNECT api.bitbucket.example:443"}, seen); diff != "" {
			t.Errorf("what the proxy saw (-want +got):\n%s", diff)
		}
	}
	if n := len(local.requests()); n != 4 {
		t.Errorf("%d requests came to loopback, want 4", n)
	}
}

func TestThePasswordOfAProxyIsNotShown(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{"it refuses": say(407, "ada:proxy-password"), "it fails": cut} {
		proxy := strings.Replace(serve(t, answer).URL, "http://", "http://ada:proxy-password@", 1)
		printed := asking(t, []string{"https://api.bitbucket.example"}, "HTTPS_PROXY="+proxy)
		if strings.Contains(printed, "password") || !strings.Contains(printed, "no answer from api.bitbucket.example") {
			t.Errorf("when %s: %s", name, printed)
		}
	}
}
