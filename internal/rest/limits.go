package rest

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxSeconds keeps a number of seconds within a time.Duration: a year is longer than anybody waits.
const maxSeconds = 365 * 24 * 3600

// limits are what an answer says of the server's limit of requests. Bitbucket says so to access tokens only, by X-RateLimit-Limit and
// -NearLimit (Bitbucket documentation, API request limits); the Atlassian administration to all, by -Limit, -Remaining and -Reset
// (Organizations REST API, rate limits).
type limits struct {
	// limit is how many requests an hour may have.
	limit int
	near  nearness
	// exhausted tells that not one request is left.
	exhausted bool
	// resume is how long it is until requests are accepted again; 0 when the answer does not say.
	resume time.Duration
}

// nearness is whether little of the limit is left.
type nearness int

const (
	unsaid nearness = iota
	isNear
	isNotNear
)

func readLimits(resp *http.Response, now time.Time) limits {
	said := limits{limit: usualLimit, resume: resumeAfter(resp, now), exhausted: resp.Header.Get("X-RateLimit-Remaining") == "0"}
	if n, err := strconv.Atoi(resp.Header.Get("X-RateLimit-Limit")); err == nil && n > 0 {
		said.limit = n
	}
	switch strings.ToLower(resp.Header.Get("X-RateLimit-NearLimit")) {
	case "true":
		said.near = isNear
	case "false":
		said.near = isNotNear
	}
	return said
}

// retryAfter reads the Retry-After header, in seconds or as a date; 0 when there is none.
func retryAfter(resp *http.Response, now time.Time) time.Duration {
	text := resp.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(min(max(0, seconds), maxSeconds)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return fromNow(at, now)
	}
	return 0
}

// resumeAfter reads when to come back: Retry-After, or the time in X-RateLimit-Reset, which the Atlassian administration gives as
// ISO 8601; 0 when neither says it.
func resumeAfter(resp *http.Response, now time.Time) time.Duration {
	if wait := retryAfter(resp, now); wait > 0 {
		return wait
	}
	for _, layout := range resetLayouts {
		if at, err := time.Parse(layout, strings.ToUpper(resp.Header.Get("X-RateLimit-Reset"))); err == nil {
			return fromNow(at, now)
		}
	}
	return 0
}

// resetLayouts are the forms of ISO 8601 times that a reset may come in; Atlassian has been seen to leave the seconds out.
var resetLayouts = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05"}

// fromNow is the time from now to at, within what a time.Duration can add up.
func fromNow(at, now time.Time) time.Duration {
	return min(max(0, at.Sub(now)), maxSeconds*time.Second)
}
