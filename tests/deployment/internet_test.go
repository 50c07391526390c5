package deployment_test

import (
	"fmt"
	"maps"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"go.yaml.in/yaml/v3"
)

// internetOnly is what the set-up for the internet demands of .env.
func internetOnly() map[string]string {
	return map[string]string{
		"SITE_NAME": "expenses.example.org", "POSTGRES_PASSWORD": "one of our own", "POSTGRES_APP_PASSWORD": "an own one, too",
		"GRAFANA_ADMIN_PASSWORD": "another of our own", "PROMETHEUS_PASSWORD": "swordfish one", "PROBE_SECRET": "a long one of the probe's",
		"PROMETHEUS_PASSWORD_HASH": "$2a$05$QNKikfoRScTIX9YcI8Ynfenx5WOnmnMaPU5Qe1HsBkAI8a2Kio5bm",
	}
}

// loadInternet reads both compose files as docker compose does, with the given variables in place of .env.
func loadInternet(t *testing.T, variables map[string]string) (*types.Project, error) {
	t.Helper()
	given := make([]string, 0, len(variables))
	for name, value := range variables {
		given = append(given, name+"="+value)
	}
	return load(t, []string{"deploy/internet/compose.yml"}, cli.WithEnv(given))
}

func internet(t *testing.T) *types.Project {
	t.Helper()
	project, err := loadInternet(t, internetOnly())
	if err != nil {
		t.Fatal(err)
	}
	return project
}

func TestTheInternetIsRefusedTheExamplesPasswords(t *testing.T) {
	for missing := range internetOnly() {
		variables := internetOnly()
		delete(variables, missing)
		if _, err := loadInternet(t, variables); err == nil || !strings.Contains(err.Error(), "into .env") {
			t.Errorf("without %s: %v", missing, err)
		}
	}
}

func TestOnTheInternetOnlyTheProxyIsReached(t *testing.T) {
	project := internet(t)
	for name, service := range project.Services {
		var public []string
		for _, port := range service.Ports {
			if port.HostIP != "127.0.0.1" {
				public = append(public, port.Published+"/"+port.Protocol)
			}
		}
		slices.Sort(public)
		want := []string(nil)
		if name == "caddy" {
			want = []string{"443/tcp", "443/udp", "80/tcp"}
		}
		if !slices.Equal(public, want) {
			t.Errorf("%s is published at %v, want %v", name, public, want)
		}
	}
	for _, name := range []string{"expense-tracker", "proxy"} {
		if ports := project.Services[name].Ports; len(ports) != 0 {
			t.Errorf("%s is reached past Caddy, at %v", name, ports)
		}
	}
	caddy := project.Services["caddy"]
	if !caddy.ReadOnly || !slices.Equal(caddy.CapDrop, []string{"ALL"}) || !slices.Equal(caddy.CapAdd, []string{"NET_BIND_SERVICE"}) ||
		caddy.MemLimit == 0 || caddy.Logging == nil || caddy.HealthCheck == nil ||
		!slices.Contains(caddy.SecurityOpt, "no-new-privileges:true") {
		t.Error("the proxy is not hardened as the others are")
	}
	for _, volume := range caddy.Volumes {
		if volume.Type != types.VolumeTypeBind {
			continue
		}
		if found, err := filepath.Glob(volume.Source); err != nil || len(found) != 1 || !volume.ReadOnly {
			t.Errorf("the proxy mounts %s: %v, %v", volume.Source, found, err)
		}
	}
}

// isApart reports whether an address is in the subnet, and none that is given to who comes.
func isApart(t *testing.T, pool *types.IPAMPool, address string) bool {
	t.Helper()
	subnet, err := netip.ParsePrefix(pool.Subnet)
	if err != nil {
		t.Fatal(err)
	}
	given, err := netip.ParsePrefix(pool.IPRange)
	if err != nil {
		t.Fatal(err)
	}
	fixed, err := netip.ParseAddr(address)
	return err == nil && subnet.Contains(fixed) && subnet.Contains(given.Addr()) && !given.Contains(fixed)
}

func TestOnlyTheProxySaysForWhomItAsks(t *testing.T) {
	project := internet(t)
	if !project.Networks["front"].Internal {
		t.Error("the network of the proxy and the program leads further")
	}
	var on []string
	for name, service := range project.Services {
		if _, joined := service.Networks["front"]; joined {
			on = append(on, name)
		}
	}
	if slices.Sort(on); !slices.Equal(on, []string{"caddy", "proxy"}) {
		t.Errorf("on the front network: %v", on)
	}
	caddy, proxy := project.Services["caddy"].Networks["front"].Ipv4Address, project.Services["proxy"].Networks["instances"].Ipv4Address
	for network, address := range map[string]string{"front": caddy, "instances": proxy} {
		if pool := project.Networks[network].Ipam.Config; len(pool) != 1 || !isApart(t, pool[0], address) {
			t.Errorf("another may have the address %s: %+v", address, pool)
		}
	}
	if others := slices.Sorted(maps.Keys(project.Services["caddy"].Networks)); !slices.Equal(others,
		[]string{"front", "look-at-site", "outside", "probe-front"}) {
		t.Errorf("the proxy is on %v", others)
	}
	program := project.Services["expense-tracker"].Environment
	for name, want := range map[string]string{
		"EXPENSE_TRACKER_WEB_TRUSTED_PROXIES": caddy + "," + proxy,
		"EXPENSE_TRACKER_BASE_URL":            "https://expenses.example.org",
		"EXPENSE_TRACKER_AUTH_MODE":           "password",
	} {
		if got := setting(t, program, name); got != want || got == "" {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// The site is asked for by its own name, through the proxy, and its certificate is looked at.
func TestOnTheInternetTheSiteIsAskedForByItsName(t *testing.T) {
	project := internet(t)
	var on []string
	for name, service := range project.Services {
		if _, joined := service.Networks["look-at-site"]; joined {
			on = append(on, name)
		}
	}
	if slices.Sort(on); !slices.Equal(on, []string{"blackbox-exporter", "caddy"}) || !project.Networks["look-at-site"].Internal {
		t.Errorf("on the network of those who look at the site: %v", on)
	}
	if aliases := project.Services["caddy"].Networks["look-at-site"].Aliases; !slices.Equal(aliases, []string{"expenses.example.org"}) {
		t.Errorf("there the proxy is called %v", aliases)
	}
	var groups []static
	for _, file := range project.Services["prometheus"].Configs {
		if file.Target == "/etc/prometheus/targets/site.yml" {
			if err := yaml.Unmarshal([]byte(project.Configs[file.Source].Content), &groups); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(groups) != 1 || groups[0].Labels["module"] != "page_tls" ||
		!slices.Equal(groups[0].Targets, []string{"https://expenses.example.org/", "https://expenses.example.org/login"}) {
		t.Errorf("Prometheus is told of %+v", groups)
	}
	if prometheus := project.Services["prometheus"]; prometheus.ReadOnly || prometheus.User != "65534:65534" {
		t.Errorf("the file cannot be put there, or its reader could write elsewhere: %t, %q", prometheus.ReadOnly, prometheus.User)
	}
	for _, job := range prometheusConfig(t).Jobs {
		if job.Name == "pages" && fmt.Sprint(job.Rest["file_sd_configs"]) != "[map[files:[targets/*.yml]]]" {
			t.Errorf("Prometheus looks for pages in %v", job.Rest["file_sd_configs"])
		}
	}
}

// People's spending is shown to nobody at Grafana until the operator says whose.
func TestOnTheInternetGrafanaSeesNobodysSpending(t *testing.T) {
	if ledgers := setting(t, internet(t).Services["roles"].Environment, "LEDGERS"); ledgers != "none" {
		t.Errorf("Grafana sees the spending of %q", ledgers)
	}
	chosen := internetOnly()
	chosen["MONEY_LEDGERS"] = "3"
	project, err := loadInternet(t, chosen)
	if err != nil || setting(t, project.Services["roles"].Environment, "LEDGERS") != "3" {
		t.Errorf("the operator's choice is lost: %v", err)
	}
}
