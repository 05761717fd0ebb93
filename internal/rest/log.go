package rest

import (
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// logged writes one line for each attempt: never headers, query strings or bodies, which may hold secrets and addresses of people.
type logged struct{ base http.RoundTripper }

func (l *logged) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, start := req.Context(), time.Now()
	fields := map[string]any{"method": req.Method, "host": req.URL.Host, "path": req.URL.EscapedPath(), "attempt": callOf(ctx).attempts}
	resp, err := l.base.RoundTrip(req)
	fields["duration_ms"] = time.Since(start).Milliseconds()
	if err != nil {
		fields["error"] = err.Error()
		tflog.Debug(ctx, "request failed", fields)
		return nil, err
	}
	fields["status"] = resp.StatusCode
	tflog.Debug(ctx, "request answered", fields)
	return resp, nil
}
