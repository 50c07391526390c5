package throwaway

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// Installation is the PostgreSQL of this machine.
type Installation struct {
	programs string              // the folder of initdb, pg_ctl and pgbench
	owner    *syscall.Credential // whom a server runs as; nil for the user of this process
}

// Find looks for PostgreSQL where Debian puts it, the newest version first, and then on the PATH.
func Find() (Installation, error) {
	owner, err := serverOwner()
	if err != nil {
		return Installation{}, err
	}
	folders, err := filepath.Glob("/usr/lib/postgresql/[0-9][0-9]/bin") // two digits, so the order of names is that of versions
	if err != nil {
		return Installation{}, err
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		folders = append([]string{filepath.Dir(path)}, folders...)
	}
	for n := len(folders) - 1; n >= 0; n-- {
		found := Installation{programs: folders[n], owner: owner}
		if _, err := exec.LookPath(found.Program("initdb")); err != nil {
			continue
		}
		if _, err := exec.LookPath(found.Program("pgbench")); err == nil {
			return found, nil
		}
	}
	return Installation{}, errors.New("no PostgreSQL server with pgbench on this machine: " +
		"install the package postgresql, or leave this storage out")
}

// serverOwner returns the user postgres if this process is root's, as whom PostgreSQL refuses to run.
func serverOwner() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root, and the user postgres that its package makes is missing: %w", err)
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

// Program returns the path of one of PostgreSQL's programs.
func (i Installation) Program(name string) string { return filepath.Join(i.programs, name) }

// run runs one of PostgreSQL's programs to its end.
func (i Installation) run(ctx context.Context, folder, name string, args ...string) error {
	command := i.Command(ctx, folder, i.Program(name), args...)
	log, err := os.Create(filepath.Join(folder, name+".log")) //nolint:gosec // not a pipe: the server would hold its end
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // what it says is read from the file
	command.Stdout, command.Stderr = log, log
	if err := command.Run(); err != nil {
		said, _ := os.ReadFile(log.Name()) // as much of an explanation as there is
		return fmt.Errorf("%s: %w\n%s", name, err, said)
	}
	return nil
}

// TempFolder makes a temporary folder that belongs to the server's owner.
func (i Installation) TempFolder() (string, error) {
	folder, err := os.MkdirTemp("", "postgres-")
	if err != nil {
		return "", err
	}
	return folder, i.own(folder)
}

// Command prepares a program to run in the folder as the server's owner, out of reach of a Ctrl-C that is meant for this process.
func (i Installation) Command(ctx context.Context, folder, program string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, program, args...) //nolint:gosec // a program of PostgreSQL or the shell, with our arguments
	command.Dir = folder
	command.Env = append(os.Environ(), "HOME="+folder, "LC_ALL=C.UTF-8")
	command.SysProcAttr = &syscall.SysProcAttr{Credential: i.owner, Setpgid: true}
	return command
}

// makeFolder makes a folder that belongs to the server's owner.
func (i Installation) makeFolder(folder string) error {
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	return i.own(folder)
}

func (i Installation) own(path string) error {
	if i.owner == nil {
		return nil
	}
	return os.Chown(path, int(i.owner.Uid), int(i.owner.Gid))
}
