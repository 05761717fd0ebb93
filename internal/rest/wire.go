package rest

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// attemptTimeout bounds one attempt, from the first byte sent to the last byte of the answer.
	attemptTimeout = 60 * time.Second
	// maxBody bounds the size of an answer in bytes. A page of 100 rows is far below it; the unpaged group list of a large
	// workspace (API 1.0) stays below it too.
	maxBody = 64 << 20
	// maxRefusal bounds what is read of an answer other than 2xx, of which only the start is shown. Many requests may be refused at once.
	maxRefusal = 1 << 20
	// maxHeader bounds the headers of an answer in bytes.
	maxHeader = 1 << 20
	// maxIdle is how many connections to a host are kept for the next requests. Go keeps two; Terraform has ten resources at work at a time
	// unless it is told otherwise, and every connection that is not kept costs a handshake.
	maxIdle = 64
)

// network returns what sends attempts. Nothing can make it trust a certificate that the machine does not trust, or speak to a server that
// knows no TLS newer than 1.1.
func network() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = maxIdle
	t.MaxResponseHeaderBytes = maxHeader
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	return t
}

// wire sends one attempt within its time and reads the whole answer, so that an answer that stops half-way is a failed attempt,
// which the retry policy sees, and not a surprise for the caller. Nothing above it sees a secret that the server repeats.
type wire struct {
	base       http.RoundTripper
	credential Credential
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, body, err := w.exchange(req)
	if w.credential == nil {
		return resp, err
	}
	if err != nil {
		return nil, w.credential.masker().error(err)
	}
	m := w.credential.masker()
	if client, ok := w.credential.(*ClientCredentials); ok && client.issues(req) && succeeded(resp) {
		client.learn(body)
		m = newMasker(client.secrets()...) // the token itself is what was asked for
	}
	resp.Status = m.text(resp.Status)
	m.header(resp.Header)
	resp.Body = io.NopCloser(bytes.NewReader(m.body(body)))
	return resp, nil
}

// exchange sends the attempt and reads the answer, of a refusal no more than its start.
func (w *wire) exchange(req *http.Request) (*http.Response, []byte, error) {
	ctx, cancel := context.WithTimeout(req.Context(), attemptTimeout)
	defer cancel()
	resp, err := w.base.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	most := maxRefusal
	if succeeded(resp) {
		most = maxBody
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, int64(most)+1))
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("read the answer: %w", err)
	case len(body) > maxBody:
		return nil, nil, errBodyTooLarge
	case len(body) > most:
		body = body[:most]
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, body, nil
}

func succeeded(resp *http.Response) bool { return resp.StatusCode >= 200 && resp.StatusCode <= 299 }

var errBodyTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)
