//go:build !linux

package main

import "os"

// peakMemory is not known: the benchmark runs on Linux only.
func peakMemory(*os.ProcessState) int64 { return 0 }
