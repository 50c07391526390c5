//go:build unix

package backups

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// lowPriority is what other programs are run at: those who serve come first.
const lowPriority = 10

// detach keeps a Ctrl-C that is meant for this process from the program, which is ended by its context, and chooses its user.
func detach(command *exec.Cmd, asServer bool) error {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if asServer {
		owner, err := serverOwner()
		if err != nil {
			return err
		}
		command.SysProcAttr.Credential = owner
	}
	return nil
}

// giveWay lowers the priority of a process. That it may not be lowered is no reason to fail.
func giveWay(pid int) { _ = syscall.Setpriority(syscall.PRIO_PROCESS, pid, lowPriority) }

// serverOwner returns the user postgres where this process is root's, as whom PostgreSQL refuses to run; else nil.
func serverOwner() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("a PostgreSQL server does not run as root, and there is no user postgres: %w", err)
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// giveToServer makes a file or folder the server's.
func giveToServer(path string) error {
	owner, err := serverOwner()
	if err != nil || owner == nil {
		return err
	}
	return os.Chown(path, int(owner.Uid), int(owner.Gid))
}

// MakeOwn makes a folder where everybody may make one, unless it is there. One that somebody else has made, or may write to, is an error:
// they could put another dump into it.
func MakeOwn(path string) error {
	if err := os.Mkdir(path, ownMode); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	const othersWrite = 0o022
	owner, known := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !known || int(owner.Uid) != os.Geteuid() || info.Mode().Perm()&othersWrite != 0 {
		return fmt.Errorf("%s is somebody else's, or others may write to it", path)
	}
	return nil
}

// lockFile locks a file, which is made if it is not there, until it is released or the process ends. It returns ErrBusy if another has it.
func lockFile(path string) (release func(), err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the operator's folder
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = ErrBusy
		}
		return nil, errors.Join(err, file.Close())
	}
	return func() { _ = file.Close() }, nil
}
