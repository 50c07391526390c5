// Package rig holds what tests, the benchmark and the trial stand on: real servers, and the real program as a process. The program itself
// knows nothing of it.
package rig
