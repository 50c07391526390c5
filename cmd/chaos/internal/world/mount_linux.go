package world

import (
	"fmt"
	"os"
	"syscall"
)

// mountable reports whether this process may mount file systems. Without, no disk can be filled.
func mountable() bool { return os.Geteuid() == 0 }

// mount makes a folder a small file system of its own, in memory.
func mount(folder string, megabytes int) error {
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%dm", megabytes)); err != nil {
		return fmt.Errorf("mount a small file system: %w", err)
	}
	return nil
}

func unmount(folder string) error { return syscall.Unmount(folder, syscall.MNT_DETACH) }
