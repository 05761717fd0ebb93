package main

import (
	"os"
	"syscall"
)

// peakMemory is the most memory in bytes that the process has held at a time. Linux counts in units of 1,024 bytes.
func peakMemory(state *os.ProcessState) int64 {
	used, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return used.Maxrss * 1024
}
