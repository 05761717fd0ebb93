package main

import (
	"os"
	"testing"
)

// TestMain lets the program of the tests, too, stand in for the providers.
func TestMain(m *testing.M) {
	if code, ok := standIn(os.Args, os.Getenv); ok {
		os.Exit(code)
	}
	os.Exit(m.Run())
}
