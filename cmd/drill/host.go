package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"expense-tracker/cmd/drill/internal/site"
	"expense-tracker/tests/rig/loopback"
)

// host is Node Exporter on this machine, with two small disks of its own, and with a proxy between it and Prometheus that can tell another
// time. Its /proc is the machine's, but for a memory that can be told to be low: nobody takes the machine's for a drill.
type host struct {
	bench
	exporter *site.Process
	prober   *site.Process
	between  *site.Server
	page     *site.Server
	ends     atomic.Int64 // days until the page's certificate ends
	ahead    atomic.Int64 // seconds that the machine's clock seems to be ahead
	set      atomic.Bool  // somebody keeps the clock right
	disks    []string     // where they are mounted
}

func newHost(ctx context.Context, plan site.Plan) (h *host, err error) {
	h = &host{bench: bench{folder: plan.Folder}}
	h.ends.Store(80)
	h.set.Store(true)
	for n := range 2 {
		if err := h.mount(ctx, fmt.Sprint("disk-", n)); err != nil {
			return h, err
		}
	}
	if err := h.copyProc(); err != nil {
		return h, err
	}
	//nolint:contextcheck // at once
	if h.exporter, err = nodeExporter(plan.Folder, "--path.procfs="+filepath.Join(plan.Folder, "proc"), "--collector.disable-defaults",
		"--collector.filesystem", "--collector.meminfo", "--collector.time", "--collector.timex", "--collector.vmstat",
		"--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys)($|/)"); err != nil {
		return h, err
	}
	if err := h.exporter.Start(ctx); err != nil {
		return h, err
	}
	if h.between, err = site.Serve(site.Through(h.exporter.Answers, h.told), nil); err != nil {
		return h, err
	}
	if plan.Jobs, err = h.probing(ctx); err != nil {
		return h, err
	}
	plan.Targets = map[string][]string{"node-exporter": {h.between.Address()}}
	h.site, err = site.New(ctx, plan)
	return h, err
}

// mount makes a disk in a file, with a file system as machines have them.
func (h *host) mount(ctx context.Context, name string) error {
	image, at := filepath.Join(h.folder, name+".img"), filepath.Join(h.folder, name)
	if err := os.Mkdir(at, 0o700); err != nil {
		return err
	}
	for _, command := range [][]string{
		{"truncate", "-s", "96M", image}, {"mkfs.ext4", "-q", "-m", "0", image}, {"mount", "-o", "loop", image, at},
	} {
		if said, err := exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput(); err != nil { //nolint:gosec // ours
			return fmt.Errorf("a small disk, which takes root: %v: %w: %s", command, err, said)
		}
	}
	h.disks = append(h.disks, at)
	return nil
}

// copyProc makes a /proc of links to the machine's, with a file of its own for the memory.
func (h *host) copyProc() error {
	proc := filepath.Join(h.folder, "proc")
	if err := os.Mkdir(proc, 0o700); err != nil {
		return err
	}
	for _, name := range []string{"vmstat", "stat", "mounts", "self", "1"} {
		if err := os.Symlink("/proc/"+name, filepath.Join(proc, name)); err != nil {
			return err
		}
	}
	return h.memory(50)
}

// memory has the machine seem to have a share of its memory left.
func (h *host) memory(percent int64) error {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return err
	}
	total := regexp.MustCompile(`MemTotal:\s+(\d+)`).FindSubmatch(text)
	if total == nil {
		return errors.New("/proc/meminfo has no MemTotal")
	}
	n, err := strconv.ParseInt(string(total[1]), 10, 64)
	if err != nil {
		return err
	}
	low := regexp.MustCompile(`MemAvailable:\s+\d+`).ReplaceAll(text, fmt.Appendf(nil, "MemAvailable: %d", n*percent/100))
	return os.WriteFile(filepath.Join(h.folder, "proc", "meminfo"), low, 0o600) //nolint:gosec // in our folder
}

var (
	fileSystem = regexp.MustCompile(`(?m)^node_filesystem_.*\n`)
	timeSample = regexp.MustCompile(`(?m)^node_time_seconds .*$`)
	syncSample = regexp.MustCompile(`(?m)^(node_timex_sync_status|node_timex_maxerror_seconds) .*$`)
)

// told is what Node Exporter says, with the clock that the drill wants.
func (h *host) told(text []byte) []byte {
	text = fileSystem.ReplaceAllFunc(text, func(line []byte) []byte {
		if strings.Contains(string(line), `mountpoint="`+h.folder) {
			return line
		}
		return nil // the machine's own disks may be full, and are nobody's fault here
	})
	now := float64(time.Now().UnixMilli())/1000 + float64(h.ahead.Load())
	text = timeSample.ReplaceAll(text, fmt.Appendf(nil, "node_time_seconds %.3f", now))
	sync := []string{"1", "0.1"}
	if !h.set.Load() {
		sync = []string{"0", "16"}
	}
	text = syncSample.ReplaceAllFunc(text, func(line []byte) []byte {
		name, _, _ := strings.Cut(string(line), " ")
		if name == "node_timex_sync_status" {
			return []byte(name + " " + sync[0])
		}
		return []byte(name + " " + sync[1])
	})
	return text
}

// probing starts a page with a certificate and a prober that looks at it, and returns the job. Without a prober there is none.
func (h *host) probing(ctx context.Context) ([]map[string]any, error) {
	path, err := site.Find("prometheus-blackbox-exporter", "blackbox_exporter")
	if errors.Is(err, site.ErrMissing) {
		return nil, nil
	}
	h.page, err = site.Serve(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), &tls.Config{
		MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return certificate(time.Duration(h.ends.Load()) * 24 * time.Hour)
		}})
	if err != nil {
		return nil, err
	}
	config := filepath.Join(h.folder, "blackbox.yml")
	module := "modules: {page: {prober: http, http: {tls_config: {insecure_skip_verify: true}}}}\n"
	if err := os.WriteFile(config, []byte(module), 0o600); err != nil {
		return nil, err
	}
	address, err := loopback.FreeAddress() //nolint:contextcheck // at once
	if err != nil {
		return nil, err
	}
	h.prober = &site.Process{Path: path, Folder: h.folder, Listens: address, Answers: "http://" + address + "/metrics",
		Args: []string{"--config.file=" + config, "--web.listen-address=" + address}}
	job := map[string]any{
		"job_name": "certificate", "metrics_path": "/probe",
		"params":         map[string]any{"module": []string{"page"}, "target": []string{"https://" + h.page.Address()}},
		"static_configs": []map[string]any{{"targets": []string{address}}},
	}
	return []map[string]any{job}, h.prober.Start(ctx)
}

// certificate makes one that ends after a time.
func certificate(after time.Duration) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(after),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	made, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return &tls.Certificate{Certificate: [][]byte{made}, PrivateKey: key}, err
}

func (h *host) close(context.Context) error {
	var err error
	if h.site != nil {
		err = h.site.Close()
	}
	for _, p := range []*site.Process{h.exporter, h.prober} {
		if p != nil {
			err = errors.Join(err, p.End())
		}
	}
	h.between.Close()
	h.page.Close()
	for _, disk := range h.disks {
		err = errors.Join(err, syscall.Unmount(disk, 0))
	}
	return err
}

func (h *host) faults() []fault {
	first := filepath.Join(h.disks[0], "filler")
	second := filepath.Join(h.disks[1], "filler")
	grows, shrinks := again(time.Second, func(context.Context) error { return fill(second, 0.004) })
	clock := func(seconds int64) func(context.Context) error {
		return func(context.Context) error { h.ahead.Store(seconds); return nil }
	}
	setter := func(set bool) func(context.Context) error {
		return func(context.Context) error { h.set.Store(set); return nil }
	}
	all := []fault{
		{
			name: "Node Exporter hangs (SIGSTOP)", alerts: []string{"HostMetricsMissing"},
			begin: func(context.Context) error { return h.exporter.Signal(syscall.SIGSTOP) },
			end:   func(context.Context) error { return h.exporter.Signal(syscall.SIGCONT) },
		},
		{
			name: "a disk is full", alerts: []string{"HostDiskAlmostFull"},
			begin: func(context.Context) error { return fill(first, 0.95) },
			end:   func(context.Context) error { return os.Remove(first) },
		},
		{
			name: "a disk is more than half full, and something writes on", alerts: []string{"HostDiskFillsSoon"},
			begin: func(ctx context.Context) error { return errors.Join(fill(second, 0.55), grows(ctx)) },
			end:   func(ctx context.Context) error { return errors.Join(shrinks(ctx), os.Remove(second)) },
		},
		{
			name: "little memory is left (told by a file in the place of /proc/meminfo)", alerts: []string{"HostMemoryLow"},
			begin: func(context.Context) error { return h.memory(5) }, end: func(context.Context) error { return h.memory(50) },
		},
		{name: "a process beyond its memory limit", alerts: []string{"HostMemoryKill"}, begin: h.kill,
			end: func(context.Context) error { return nil }},
		{name: "nobody sets the clock (told by a proxy)", alerts: []string{"HostClockNotSynchronized"}, begin: setter(false), end: setter(true)},
		{name: "a clock that is a minute ahead (told by a proxy)", alerts: []string{"HostClockWrong"}, begin: clock(60), end: clock(0)},
	}
	if h.prober != nil {
		all = append(all, fault{
			name: "a certificate that ends in ten days", alerts: []string{"CertificateEnds"},
			begin: func(context.Context) error { h.ends.Store(10); return nil }, end: func(context.Context) error { h.ends.Store(80); return nil },
		})
	}
	return all
}

// kill has the kernel end a process that takes more memory than its group may.
func (h *host) kill(ctx context.Context) error {
	for _, try := range [][2]string{{"/sys/fs/cgroup/memory", "memory.limit_in_bytes"}, {"/sys/fs/cgroup", "memory.max"}} {
		group := filepath.Join(try[0], fmt.Sprint("expense-tracker-drill-", os.Getpid()))
		if os.Mkdir(group, 0o755) != nil { //nolint:gosec // the kernel's
			continue
		}
		defer os.Remove(group) //nolint:errcheck // it is empty by then
		if err := os.WriteFile(filepath.Join(group, try[1]), []byte("16777216"), 0o600); err != nil {
			return fmt.Errorf("a limit of memory: %w", err)
		}
		// It joins the group, and then keeps a line of 256 MB.
		keep := "echo $$ >" + group + "/cgroup.procs && head -c 256m /dev/zero | tail >/dev/null"
		command := exec.CommandContext(ctx, "sh", "-c", keep) //nolint:gosec // ours
		if err := command.Run(); err == nil {
			return errors.New("a process took more memory than its limit")
		}
		return nil
	}
	return errors.New("this machine lets us make no group of processes with a limit of memory")
}
