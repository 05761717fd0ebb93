package rest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// certificate makes a certificate that signs itself.
func certificate(t *testing.T, change func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
	}
	change(form)
	signed, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: key}
}

// serveTLS serves https until the test ends, and fails it when anybody gets so far as to ask.
func serveTLS(t *testing.T, config *tls.Config) (url string) {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the server was asked for %s with Authorization %q", r.URL, r.Header.Get("Authorization"))
	}))
	s.TLS, s.Config.ErrorLog = config, log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

func TestAServerThatCannotBeTrustedIsNotAsked(t *testing.T) {
	t.Parallel()
	valid := func(*x509.Certificate) {}
	for name, tt := range map[string]struct {
		config *tls.Config
		want   string
		calm   bool // it is no use to try again
	}{
		"a certificate of nobody": {&tls.Config{Certificates: []tls.Certificate{certificate(t, valid)}}, "signed by unknown authority", true},
		"one that has expired": {
			&tls.Config{Certificates: []tls.Certificate{certificate(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })}},
			"certificate has expired or is not yet valid", true,
		},
		"one that is not valid yet": {
			&tls.Config{Certificates: []tls.Certificate{certificate(t, func(c *x509.Certificate) {
				c.NotBefore, c.NotAfter = time.Now().Add(24*time.Hour), time.Now().Add(48*time.Hour)
			})}},
			"certificate has expired or is not yet valid", true,
		},
		"one of another host": {
			&tls.Config{Certificates: []tls.Certificate{certificate(t, func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"evil.example"} })}},
			"certificate", true,
		},
		"TLS 1.1": {&tls.Config{Certificates: []tls.Certificate{certificate(t, valid)}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, "protocol version", false},
		"TLS 1.0": {&tls.Config{Certificates: []tls.Certificate{certificate(t, valid)}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}, "protocol version", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := serveTLS(t, tt.config)
			credential, err := rest.NewClientCredentials("key", "s3cret", url)
			if err != nil {
				t.Fatal(err)
			}
			clock := testclock.New()
			for _, c := range []*rest.Client{
				newClient(t, url, rest.Options{Credential: rest.Bearer{Token: "token"}, Clock: clock}),
				newClient(t, serve(t, fine).URL, rest.Options{Credential: credential, Clock: clock}), // the token endpoint is the one
			} {
				_, err := c.Send(t.Context(), get("x"))
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("error is %v, want one that says %q", err, tt.want)
				}
			}
			if waited := total(clock.Slept()); waited > time.Minute || tt.calm && waited > 0 {
				t.Errorf("it waits %s to try again", waited)
			}
		})
	}
}
