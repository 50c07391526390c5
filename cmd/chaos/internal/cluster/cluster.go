package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"expense-tracker/tests/rig/throwaway"
)

const (
	owner    = "expense_user" // the superuser, as patroni.yml says
	serving  = "expense_app"  // which the program makes
	database = "expense_tracker"
	python   = "/usr/bin/python3" // the system's, which Patroni's package is for
	apiUser  = "operator"         // who may tell Patroni what to do

	startPatience = 3 * time.Minute
)

// Cluster is three nodes of etcd and two of the database.
type Cluster struct {
	network   *network
	etcds     []string
	databases []string
	machines  map[string]*machine
	secret    string
}

// Missing says what this machine lacks to run a cluster; empty if nothing.
func Missing(ctx context.Context) string {
	if os.Geteuid() != 0 {
		return "only root may make networks and cut them"
	}
	if lacking := Lacking(); lacking != "" {
		return lacking
	}
	name := fmt.Sprintf("expenses%d-try", os.Getpid())
	if err := ip(ctx, "netns add "+name); err != nil {
		return "networks of its own are not to be had here: " + err.Error()
	}
	if err := ip(ctx, "netns delete "+name); err != nil {
		return err.Error()
	}
	return ""
}

// Lacking says which programs are not installed; empty if all are.
func Lacking() string {
	for _, program := range []string{"ip", "unshare", "setpriv", "etcd", "patroni", "haproxy"} {
		_, err := exec.LookPath(program)
		for _, folder := range []string{"/usr/sbin/", "/sbin/"} { // which are on root's path alone
			if err != nil {
				_, err = exec.LookPath(folder + program)
			}
		}
		if err != nil {
			return "no program " + program + ": install the packages iproute2, util-linux, etcd-server, patroni, python3-etcd, haproxy"
		}
	}
	if _, err := throwaway.Find(); err != nil {
		return err.Error()
	}
	return ""
}

// Start runs a cluster with its files in a folder, by the configuration in another, and returns when it has a synchronous standby.
func Start(ctx context.Context, folder, logs, configuration string) (c *Cluster, err error) {
	installation, err := throwaway.Find()
	if err != nil {
		return nil, err
	}
	c = &Cluster{
		etcds: []string{"etcd-1", "etcd-2", "etcd-3"}, databases: []string{"db-1", "db-2"},
		machines: map[string]*machine{}, secret: uuid.NewString(),
	}
	if c.network, err = newNetwork(ctx, append(append([]string{}, c.etcds...), c.databases...)...); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Close(context.WithoutCancel(ctx)))
		}
	}()
	for _, node := range c.etcds {
		c.machines[node] = &machine{
			space: c.network.space(node), program: []string{"etcd"}, env: c.etcdSettings(node, folder), log: filepath.Join(logs, node+".log"),
		}
	}
	for _, node := range c.databases {
		home := filepath.Join(folder, node)
		if err := os.MkdirAll(filepath.Join(home, "run"), 0o700); err != nil {
			return c, err
		}
		if err := os.CopyFS(filepath.Join(home, "etc"), os.DirFS(configuration)); err != nil { // where the user postgres can read it
			return c, err
		}
		if err := exec.CommandContext(ctx, "chown", "-R", "postgres:postgres", home).Run(); err != nil { //nolint:gosec // our folder
			return c, err
		}
		c.machines[node] = &machine{
			space: c.network.space(node), user: "postgres", env: c.patroniSettings(node, home, installation),
			program: []string{python, filepath.Join(home, "etc", "start.py"), filepath.Join(home, "etc", "patroni.yml")},
			log:     filepath.Join(logs, node+".log"),
		}
	}
	for _, node := range append(append([]string{}, c.etcds...), c.databases...) {
		if err := c.machines[node].start(); err != nil {
			return c, fmt.Errorf("%s: %w", node, err)
		}
	}
	watched, stop := context.WithCancel(ctx)
	defer stop()
	for _, m := range c.machines {
		go func(ended <-chan struct{}) {
			select {
			case <-ended:
				stop() // nobody waits for what has ended
			case <-watched.Done():
			}
		}(m.ended)
	}
	if err := c.AwaitWhole(watched, startPatience); err != nil {
		return c, errors.Join(err, c.fallen())
	}
	return c, nil
}

// fallen says which machines have ended by themselves.
func (c *Cluster) fallen() error {
	var err error
	for node, m := range c.machines {
		if !m.runs() {
			err = errors.Join(err, fmt.Errorf("%s has ended, as %s says", node, m.log))
		}
	}
	return err
}

func (c *Cluster) etcdSettings(node, folder string) []string {
	var peers []string
	for _, peer := range c.etcds {
		peers = append(peers, peer+"=http://"+c.network.address(peer)+":2380")
	}
	address := c.network.address(node)
	return []string{
		"ETCD_NAME=" + node, "ETCD_DATA_DIR=" + filepath.Join(folder, node), "ETCD_INITIAL_CLUSTER=" + strings.Join(peers, ","),
		"ETCD_LISTEN_PEER_URLS=http://" + address + ":2380", "ETCD_INITIAL_ADVERTISE_PEER_URLS=http://" + address + ":2380",
		"ETCD_LISTEN_CLIENT_URLS=http://" + address + ":2379", "ETCD_ADVERTISE_CLIENT_URLS=http://" + address + ":2379",
		"ETCD_LOGGER=zap", "ETCD_LOG_LEVEL=warn",
	}
}

func (c *Cluster) patroniSettings(node, home string, installation throwaway.Installation) []string {
	var etcds []string
	for _, peer := range c.etcds {
		etcds = append(etcds, c.network.address(peer)+":2379")
	}
	address := c.network.address(node)
	return []string{
		"PATRONI_NAME=" + node, "HOME=" + home, "PATRONI_ETCD3_HOSTS=" + strings.Join(etcds, ","),
		"PATRONI_RESTAPI_LISTEN=" + address + ":8008", "PATRONI_RESTAPI_CONNECT_ADDRESS=" + address + ":8008",
		"PATRONI_POSTGRESQL_LISTEN=" + address + ":5432", "PATRONI_POSTGRESQL_CONNECT_ADDRESS=" + address + ":5432",
		"PATRONI_POSTGRESQL_DATA_DIR=" + filepath.Join(home, "data"), "PATRONI_POSTGRESQL_PGPASS=" + filepath.Join(home, "pgpass"),
		"PATRONI_POSTGRESQL_BIN_DIR=" + filepath.Dir(installation.Program("initdb")),
		"PATRONI_RESTAPI_USERNAME=" + apiUser, "PATRONI_RESTAPI_PASSWORD=" + c.secret,
		"PATRONI_SUPERUSER_PASSWORD=" + c.secret, "PATRONI_REPLICATION_PASSWORD=" + c.secret,
	}
}

// Hosts returns where the nodes of the database listen, as HOST:PORT.
func (c *Cluster) Hosts() []string {
	var hosts []string
	for _, node := range c.databases {
		hosts = append(hosts, c.network.address(node)+":5432")
	}
	return hosts
}

// URL returns the URL of the database on hosts, whichever of them is the primary, as its owner.
func (c *Cluster) URL(hosts ...string) string {
	return c.urlOf(owner, database, hosts...)
}

// ServingURL is URL as the role that serves.
func (c *Cluster) ServingURL(hosts ...string) string {
	return c.urlOf(serving, database, hosts...)
}

func (c *Cluster) urlOf(user, name string, hosts ...string) string {
	return fmt.Sprintf("postgres://%s:%s@%s/%s?sslmode=disable&target_session_attrs=read-write&connect_timeout=2",
		user, url.QueryEscape(c.secret), strings.Join(hosts, ","), name)
}

// Execute runs statements on the primary, each in a transaction of its own.
func (c *Cluster) Execute(ctx context.Context, name string, statements ...string) (err error) {
	conn, err := pgx.Connect(ctx, c.urlOf(owner, name, c.Hosts()...))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%.60s: %w", statement, err)
		}
	}
	return nil
}

// Close ends everything.
func (c *Cluster) Close(ctx context.Context) error {
	var err error
	for _, m := range c.machines {
		err = errors.Join(err, m.kill()) // nothing of it is wanted any more
	}
	return errors.Join(err, c.network.close(ctx))
}

// statusOf returns the status that an address answers with; 0 if it does not.
func statusOf(ctx context.Context, address string) int {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0
	}
	response, err := patroni.Do(request)
	if err != nil {
		return 0
	}
	_ = response.Body.Close() // only its status was wanted
	return response.StatusCode
}

// ExecuteAnywhere is Execute on a primary that refuses what writes.
func (c *Cluster) ExecuteAnywhere(ctx context.Context, statements ...string) (err error) {
	for _, node := range c.databases {
		if !c.isPrimary(ctx, node) {
			continue
		}
		conn, err := pgx.Connect(ctx, strings.Replace(c.urlOf(owner, "postgres", c.network.address(node)+":5432"), "read-write", "any", 1))
		if err != nil {
			return err
		}
		for _, statement := range statements {
			if _, err := conn.Exec(ctx, statement); err != nil {
				return errors.Join(fmt.Errorf("%.60s: %w", statement, err), conn.Close(ctx))
			}
		}
		return conn.Close(ctx)
	}
	return errors.New("there is no primary")
}

// bodyOf returns what an address answers with; nothing if it does not.
func bodyOf(ctx context.Context, address string) []byte {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil
	}
	response, err := patroni.Do(request)
	if err != nil {
		return nil
	}
	defer response.Body.Close()          //nolint:errcheck // it was only read
	body, _ := io.ReadAll(response.Body) // what is missing is not in it
	return body
}
