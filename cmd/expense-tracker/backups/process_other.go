//go:build !unix

package backups

import (
	"os"
	"os/exec"
)

func detach(*exec.Cmd, bool) error { return nil }

func giveWay(int) {}

func giveToServer(string) error { return nil }

// lockFile makes sure that the file can be made; here nothing keeps two schedulers of one folder apart.
func lockFile(path string) (release func(), err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return func() { _ = file.Close() }, nil
}

// MakeOwn makes a folder, unless it is there.
func MakeOwn(path string) error { return os.MkdirAll(path, ownMode) }
