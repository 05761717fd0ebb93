package rest_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// A proxy that wants somebody to sign in answers every request with its page, and has not passed it on.
func TestAPageForPeopleIsNoSuccess(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"with a title":          {say(200, "<!DOCTYPE html><html><head><title>Sign in</title></head></html>", "Content-Type", "text/html"), `"Sign in"`},
		"without a title":       {say(200, "<html><body>Welcome</body></html>", "Content-Type", "text/html"), "an HTML page"},
		"under another type":    {say(200, "\ufeff\r\n <!doctype HTML><title>Sign\nin</title>", "Content-Type", "application/json"), `"Sign in"`},
		"that begins otherwise": {say(201, "<?xml version=\"1.0\"?>\n<!-- x --><html><head><title>Sign in</title></head></html>"), `"Sign in"`},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
			t.Run(method+" "+name, func(t *testing.T) {
				t.Parallel()
				s := serve(t, tt.answer)
				_, err := newClient(t, s.URL, rest.Options{}).Send(t.Context(), rest.Request{Method: method, Path: []string{"x"}})
				if !errors.Is(err, rest.ErrBadAnswer) || !strings.Contains(err.Error(), method+" /x") || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("error is %v", err)
				}
				if n := len(s.requests()); n != 1 {
					t.Errorf("%d requests, want 1", n)
				}
			})
		}
	}
}

// A 204 without a body often has the type of a page. A text that shows HTML is an answer.
func TestATypeAloneIsNoPage(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"nothing":                say(204, "", "Content-Type", "text/html; charset=utf-8"),
		"white space":            say(200, "\n", "Content-Type", "text/html"),
		"a word":                 say(200, "OK", "Content-Type", "text/html"),
		"JSON with HTML in it":   say(200, `{"name":"<html><body>"}`, "Content-Type", "text/html"),
		"JSON that is only text": say(200, `"<html>"`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, answer)
			if _, err := newClient(t, s.URL, rest.Options{}).Send(t.Context(), rest.Request{Method: http.MethodDelete, Path: []string{"x"}}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestNullIsNoAnswer(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"null", " null\n"} {
		s := serve(t, say(200, body))
		c := newClient(t, s.URL, rest.Options{})
		_, _, object := rest.Fetch[map[string]string](t.Context(), c, get("x"))
		_, _, list := rest.Fetch[[]string](t.Context(), c, get("x"))
		for _, err := range []error{object, list} {
			if !errors.Is(err, rest.ErrBadAnswer) || !strings.Contains(err.Error(), "GET /x") || !strings.Contains(err.Error(), "null") {
				t.Errorf("%q: error is %v", body, err)
			}
		}
	}
}
