// Command inside runs in a container of the set-up, as whatever took it over would, and says what it can do there. It reads a Task and
// writes a Report, as JSON.
package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Task says what is tried.
type Task struct {
	Addresses []string // HOST:PORT to connect to
	Names     []string // to look up
}

// Report is what could be done, and what could not and should.
type Report struct {
	User      int      // who runs
	Status    []string // the lines of /proc/self/status on capabilities, privileges and system calls
	Listening []int    // TCP ports that others may reach
	Reached   []string // of the addresses
	Known     []string // of the names
	Wrote     []string // folders in which a file could be made, and files of secrets that could be changed
	Gained    []string // privileges
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "listen" {
		fmt.Fprintln(os.Stderr, listen(os.Args[2]))
		os.Exit(1)
	}
	var task Task
	if err := json.NewDecoder(os.Stdin).Decode(&task); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	report := Report{
		User: os.Getuid(), Status: status(), Listening: listening(), Reached: that(task.Addresses, reaches), Known: that(task.Names, knows),
		Wrote: wrote(), Gained: gained(),
	}
	if err := json.NewEncoder(os.Stdout).Encode(report); err != nil {
		os.Exit(1)
	}
}

// listen takes connections at an address, for ever.
func listen(address string) error {
	listener, err := net.Listen("tcp", address)
	for err == nil {
		var conn net.Conn
		if conn, err = listener.Accept(); err == nil {
			err = conn.Close()
		}
	}
	return err
}

// that returns those of which something is true; all are asked at once.
func that(all []string, is func(string) bool) (some []string) {
	var (
		asked sync.WaitGroup
		lock  sync.Mutex
	)
	for _, one := range all {
		asked.Go(func() {
			if is(one) {
				lock.Lock()
				defer lock.Unlock()
				some = append(some, one)
			}
		})
	}
	asked.Wait()
	return some
}

func reaches(address string) bool {
	conn, err := net.DialTimeout("tcp", address, 2*time.Second)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

func knows(name string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	found, err := net.DefaultResolver.LookupHost(ctx, name)
	return err == nil && len(found) > 0
}

func status() (lines []string) {
	text, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "Cap") || strings.HasPrefix(line, "NoNewPrivs") || strings.HasPrefix(line, "Seccomp:") {
			lines = append(lines, strings.Join(strings.Fields(line), " "))
		}
	}
	return lines
}

// listening returns the ports of /proc/net/tcp that are listened on (state 0A) beyond the loopback.
func listening() (ports []int) {
	for _, file := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, _ := os.ReadFile(file) //nolint:gosec // of the two
		for line := range strings.Lines(string(text)) {
			fields := strings.Fields(line)
			if len(fields) < 4 || fields[3] != "0A" {
				continue
			}
			address, hexadecimal, _ := strings.Cut(fields[1], ":")
			port, err := strconv.ParseInt(hexadecimal, 16, 32)
			if err == nil && !isLoopback(address) {
				ports = append(ports, int(port))
			}
		}
	}
	return ports
}

// isLoopback reads an address as /proc/net has it: 32 bits at a time, the lowest byte first.
func isLoopback(hexadecimal string) bool {
	var bytes []byte
	for at := 0; at+8 <= len(hexadecimal); at += 8 {
		word, err := strconv.ParseUint(hexadecimal[at:at+8], 16, 32)
		if err != nil {
			return false
		}
		bytes = binary.LittleEndian.AppendUint32(bytes, uint32(word))
	}
	address, ok := netip.AddrFromSlice(bytes)
	return ok && address.Unmap().IsLoopback()
}

// wrote tries to make a file where programs, settings and secrets stand, and to change what was handed in.
func wrote() (where []string) {
	for _, folder := range []string{
		"/", "/bin", "/boot", "/etc", "/etc/grafana", "/etc/prometheus", "/etc/ssl", "/home", "/lib", "/opt", "/proc/sys", "/root",
		"/run/secrets", "/sbin", "/srv", "/sys", "/usr", "/usr/bin", "/usr/lib", "/usr/local/bin", "/usr/share", "/var", "/var/lib",
		"/host/root", "/host/root/root", "/host/root/tmp",
	} {
		file := filepath.Join(folder, ".written-by-a-test")
		if err := os.WriteFile(file, nil, 0o600); err == nil {
			_ = os.Remove(file)
			where = append(where, folder)
		}
	}
	secrets, _ := filepath.Glob("/run/secrets/*")
	secrets = slices.DeleteFunc(secrets, func(file string) bool { // /dev/null stands where there is none
		info, err := os.Stat(file)
		return err == nil && info.Mode()&os.ModeDevice != 0
	})
	for _, file := range append(secrets, "/etc/passwd", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger") {
		if opened, err := os.OpenFile(file, os.O_WRONLY, 0); err == nil { //nolint:gosec // which files is the point
			_ = opened.Close()
			where = append(where, file)
		}
	}
	return where
}

// gained tries what only somebody with privileges may do.
func gained() (what []string) {
	for name, try := range map[string]func() error{
		"another user":      func() error { return syscall.Setreuid(-1, 0) },
		"another group":     func() error { return syscall.Setgroups([]int{0}) },
		"a mount":           func() error { return syscall.Mount("none", "/proc", "tmpfs", 0, "") },
		"a mount elsewhere": func() error { return syscall.Mount("/", "/", "", syscall.MS_REMOUNT|syscall.MS_BIND, "") },
		"a user namespace":  userNamespace,
		"a network":         func() error { return syscall.Unshare(syscall.CLONE_NEWNET) },
		"another root":      func() error { return syscall.Chroot("/") },
		"a host name":       func() error { return syscall.Sethostname([]byte("taken")) },
		"a device":          func() error { return syscall.Mknod("/tmp/.device", syscall.S_IFBLK|0o600, 0x801) },
		"raw packets":       rawPackets,
		"Docker":            docker,
	} {
		if try() == nil {
			what = append(what, name)
		}
	}
	return what
}

// userNamespace starts this program as root of a namespace of its own, from where the kernel offers more to attack.
func userNamespace() error {
	child, err := os.StartProcess("/proc/self/exe", []string{"inside"},
		&os.ProcAttr{Sys: &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER}})
	if err == nil {
		_, _ = child.Wait()
	}
	return err
}

func rawPackets() error {
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_RAW, syscall.IPPROTO_ICMP)
	if err == nil {
		_ = syscall.Close(socket)
	}
	return err
}

func docker() error {
	conn, err := net.Dial("unix", "/var/run/docker.sock")
	if err == nil {
		_ = conn.Close()
	}
	return err
}
