package rest_test

import (
	"bufio"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// rawServer answers every request with {} and hands out its header as it came over the wire.
func rawServer(t *testing.T) (address string, headers <-chan textproto.MIMEHeader) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	seen := make(chan textproto.MIMEHeader, 1)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			reader := textproto.NewReader(bufio.NewReader(conn))
			if _, err := reader.ReadLine(); err == nil {
				header, _ := reader.ReadMIMEHeader()
				seen <- header
				_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"))
			}
			_ = conn.Close()
		}
	}()
	return "http://" + listener.Addr().String(), seen
}

func TestAWriteWithoutContentSendsItsLength(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		method string
		length []string
	}{
		"PUT":    {http.MethodPut, []string{"0"}},
		"POST":   {http.MethodPost, []string{"0"}},
		"DELETE": {http.MethodDelete, nil},
		"GET":    {http.MethodGet, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, headers := rawServer(t)
			_, err := newClient(t, address, rest.Options{}).Send(t.Context(), rest.Request{Method: tt.method, Path: []string{"x"}})
			if err != nil {
				t.Fatal(err)
			}
			header := await(t, "the request", headers)
			if diff := cmp.Diff(tt.length, header["Content-Length"]); diff != "" {
				t.Errorf("Content-Length (-want +got):\n%s", diff)
			}
			if header.Get("Transfer-Encoding") != "" || header.Get("Content-Type") != "" {
				t.Errorf("Transfer-Encoding is %q, Content-Type is %q", header.Get("Transfer-Encoding"), header.Get("Content-Type"))
			}
		})
	}
}

func TestAWriteWithoutContentSendsItsLengthOverHTTP2(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodPut, http.MethodPost} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			s := &server{script: []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) { fine(w, r) }}}
			s.Server = httptest.NewUnstartedServer(s)
			s.EnableHTTP2 = true
			s.StartTLS()
			t.Cleanup(s.Close)
			c := newClient(t, s.URL, rest.Options{Transport: s.Client().Transport})
			if _, err := c.Send(t.Context(), rest.Request{Method: method, Path: []string{"x"}}); err != nil {
				t.Fatal(err)
			}
			got := s.requests()[0]
			if got.Length != 0 || got.Header.Get("Content-Length") != "0" {
				t.Errorf("length is %d, Content-Length is %q; want 0", got.Length, got.Header.Get("Content-Length"))
			}
		})
	}
}

func TestBodiesCarryTheirContentType(t *testing.T) {
	t.Parallel()
	null := (*string)(nil)
	for name, tt := range map[string]struct {
		request     rest.Request
		contentType string
		body        string
	}{
		"JSON":                 {rest.Request{JSON: map[string]string{"permission": "read"}}, "application/json", `{"permission":"read"}`},
		"an empty JSON object": {rest.Request{JSON: struct{}{}}, "application/json", `{}`},
		"JSON with a null":     {rest.Request{JSON: map[string]*string{"permission": null}}, "application/json", `{"permission":null}`},
		"a form": {
			rest.Request{Form: url.Values{"name": {"My Größe & Co"}}},
			"application/x-www-form-urlencoded", "name=My+Gr%C3%B6%C3%9Fe+%26+Co",
		},
		"JSON before a form": {rest.Request{JSON: struct{}{}, Form: url.Values{"a": {"b"}}}, "application/json", `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, fine)
			tt.request.Method, tt.request.Path = http.MethodPost, []string{"x"}
			if _, err := newClient(t, s.URL, rest.Options{}).Send(t.Context(), tt.request); err != nil {
				t.Fatal(err)
			}
			got := s.requests()[0]
			if got.Body != tt.body || got.Header.Get("Content-Type") != tt.contentType || got.Length != int64(len(tt.body)) {
				t.Errorf("body %q of type %q and length %d, want %q of type %q", got.Body, got.Header.Get("Content-Type"), got.Length, tt.body, tt.contentType)
			}
		})
	}
}

func TestABodyThatCannotBeEncodedIsAnErrorUnsent(t *testing.T) {
	t.Parallel()
	s := serve(t, fine)
	_, err := newClient(t, s.URL, rest.Options{}).Send(t.Context(), rest.Request{Method: http.MethodPut, Path: []string{"x"}, JSON: func() {}})
	if err == nil || !strings.Contains(err.Error(), "encode the body of PUT") {
		t.Errorf("error is %v", err)
	}
	if sent := s.uris(); len(sent) > 0 {
		t.Errorf("sent %q", sent)
	}
}

func TestAnAnswerIsDecoded(t *testing.T) {
	t.Parallel()
	s := serve(t, say(http.StatusCreated, `{"uuid":"{1}","other":[1]}`, "X-Credential-Type", "apitoken"))
	got, header, err := rest.Fetch[struct{ UUID string }](t.Context(), newClient(t, s.URL, rest.Options{}), get("user"))
	if err != nil {
		t.Fatal(err)
	}
	if got.UUID != "{1}" || header.Get("X-Credential-Type") != "apitoken" {
		t.Errorf("got %v with %v", got, header)
	}
}

func TestAnAnswerThatIsNotWhatTheAPIDocumentsIsNamed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   []string
	}{
		"an HTML page": {say(200, "<html></html>", "Content-Type", "text/html"), []string{"GET /2.0/user", "text/html"}},
		"nothing":      {say(200, ""), []string{"GET /2.0/user"}},
		"half of it":   {say(200, `{"uuid":`, "Content-Type", "application/json"), []string{"GET /2.0/user", "application/json"}},
		"another type": {say(200, `{"uuid":5}`, "Content-Type", "application/json"), []string{"GET /2.0/user", "application/json"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, tt.answer)
			_, _, err := rest.Fetch[struct{ UUID string }](t.Context(), newClient(t, s.URL, rest.Options{}), get("2.0", "user"))
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range append(tt.want, "is not what the API documents") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not hold %q", err, want)
				}
			}
			if n := len(s.requests()); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}
