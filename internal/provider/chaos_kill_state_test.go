//go:build linux

package provider_test

import (
	"errors"
	"strings"
	"syscall"
	"testing"
	"time"
)

// watchState kills when the state file is changed for the at-th time. A state is written by emptying the file and filling it again.
func (s *chaosServer) watchState(t *testing.T, folder string, at int) (stop func()) {
	t.Helper()
	watch, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK)
	if err == nil {
		_, err = syscall.InotifyAddWatch(watch, folder, syscall.IN_MODIFY)
	}
	if err != nil {
		t.Fatal(err)
	}
	ended, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		seen, events := 0, make([]byte, 1<<12)
		for {
			select {
			case <-ended:
				return
			default:
			}
			n, err := syscall.Read(watch, events)
			if errors.Is(err, syscall.EAGAIN) {
				time.Sleep(50 * time.Microsecond)
				continue
			}
			// Events hold the name after 16 bytes of other things; one read may hold several, which counts as one.
			if err != nil || !strings.Contains(string(events[:n]), "terraform.tfstate\x00") {
				continue
			}
			if seen++; seen == at {
				s.mu.Lock()
				s.strike()
				s.mu.Unlock()
				return
			}
		}
	}()
	return func() {
		close(ended)
		<-done
		_ = syscall.Close(watch) // nothing is lost by it
	}
}
