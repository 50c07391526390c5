package postgrestest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// installation is the PostgreSQL of this machine and the user that it can run as.
type installation struct {
	programs string              // the folder of initdb, postgres and pg_ctl
	owner    *syscall.Credential // nil for the user of the test process
}

// findInstallation looks where Debian puts servers, the newest version first, and then on the PATH.
func findInstallation() (installation, error) {
	owner, err := serverOwner()
	if err != nil {
		return installation{}, err
	}
	folders, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return installation{}, fmt.Errorf("look for PostgreSQL: %w", err)
	}
	slices.SortFunc(folders, func(a, b string) int { return majorVersion(b) - majorVersion(a) })
	if path, err := exec.LookPath("initdb"); err == nil {
		folders = append(folders, filepath.Dir(path))
	}
	for _, folder := range folders {
		found := installation{programs: folder, owner: owner}
		if _, err := found.program("initdb"); err == nil {
			return found, nil
		}
	}
	return installation{}, errors.New("this test needs a PostgreSQL server (initdb and postgres): install the package postgresql, or put its programs on the PATH")
}

// majorVersion reads /usr/lib/postgresql/15/bin as 15; 0 for what is no version.
func majorVersion(folder string) int {
	version, err := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
	if err != nil {
		return 0
	}
	return version
}

// serverOwner returns the user that a server runs as when the test runs as root, which PostgreSQL refuses to.
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
		return nil, fmt.Errorf("uid of postgres: %w", err)
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("gid of postgres: %w", err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// program returns the path of one of the server's programs.
func (i installation) program(name string) (string, error) {
	path, err := exec.LookPath(filepath.Join(i.programs, name))
	if err != nil {
		return "", fmt.Errorf("PostgreSQL's %s: %w", name, err)
	}
	return path, nil
}

// command prepares a program to run in the folder as the server's owner, out of reach of a Ctrl-C meant for the test.
func (i installation) command(folder, path string, args ...string) *exec.Cmd {
	cmd := exec.Command(path, args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "HOME="+folder, "LC_ALL=C.UTF-8")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: i.owner, Setpgid: true}
	return cmd
}

// makeFolder makes a temporary folder that belongs to the server's owner.
func (i installation) makeFolder() (string, error) {
	folder, err := os.MkdirTemp("", "postgrestest-")
	if err != nil {
		return "", fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	if i.owner == nil {
		return folder, nil
	}
	if err := os.Chown(folder, int(i.owner.Uid), int(i.owner.Gid)); err != nil {
		return "", fmt.Errorf("give the folder to postgres: %w", err)
	}
	return folder, nil
}
