package deployment_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
)

// everyService returns the services of the set-up and of the one for the internet, those of every profile among them. Whatever service is
// added is one of these.
func everyService(t *testing.T, variables ...string) map[string]types.ServiceConfig {
	t.Helper()
	all := map[string]types.ServiceConfig{}
	for _, project := range everyProject(t, variables...) {
		for name, service := range project.AllServices() {
			if _, known := all[name]; known {
				name += " (internet)"
			}
			all[name] = service
		}
	}
	return all
}

func everyProject(t *testing.T, variables ...string) []*types.Project {
	t.Helper()
	given := internetOnly()
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		given[name] = value
	}
	further, err := loadInternet(t, given)
	if err != nil {
		t.Fatal(err)
	}
	return []*types.Project{loadCompose(t, variables...), further}
}

// goesOut names the services that may reach the internet, and why.
var goesOut = map[string]string{
	"expense-tracker": "people may sign in by a provider there",
	"alertmanager":    "it sends messages",
	"backups":         "they may be kept there",
	"caddy":           "it asks for certificates",
}

func TestEveryServiceIsHardenedAndBounded(t *testing.T) {
	addedBack := map[string][]string{"caddy": {"NET_BIND_SERVICE"}}
	asRoot := regexp.MustCompile(`^(0|root)?(:|$)`)
	for name, service := range everyService(t) {
		t.Run(name, func(t *testing.T) {
			bare, _, _ := strings.Cut(name, " ")
			if !slices.Equal(service.CapDrop, []string{"ALL"}) || !slices.Equal(service.CapAdd, addedBack[bare]) {
				t.Errorf("capabilities: drops %v, adds %v", service.CapDrop, service.CapAdd)
			}
			if !slices.Contains(service.SecurityOpt, "no-new-privileges:true") || service.Privileged {
				t.Errorf("privileges can be gained: %v, privileged %v", service.SecurityOpt, service.Privileged)
			}
			// Compose puts files of .env's secrets only where the root can be written. Who is nobody there writes nothing for all that.
			if handed := len(service.Configs) > 0; service.ReadOnly == handed {
				t.Errorf("the root file system is read-only: %t, and files are put there: %t", service.ReadOnly, handed)
			}
			if !service.ReadOnly && asRoot.MatchString(service.User) {
				t.Errorf("it may write to the root file system as user %q", service.User)
			}
			if service.MemLimit < 16<<20 || service.MemLimit > 1<<30 {
				t.Errorf("memory limit is %d bytes", service.MemLimit)
			}
			// Docker starts nothing that wants more processors than there are.
			if service.CPUS <= 0 || service.CPUS > 1 {
				t.Errorf("it may take %v processors", service.CPUS)
			}
			if service.PidsLimit < 10 || service.PidsLimit > 500 {
				t.Errorf("it may start %d processes", service.PidsLimit)
			}
			if service.Logging == nil || service.Logging.Options["max-size"] == "" || service.Logging.Options["max-file"] == "" {
				t.Error("its log can fill the disk")
			}
			if service.Restart != types.RestartPolicyUnlessStopped && service.Restart != types.RestartPolicyNo {
				t.Errorf("restart policy %q", service.Restart)
			}
			if bare == "cadvisor" { // in a profile of its own, which says so: see TestNobodyHasTheEnginesSocketUnasked
				return
			}
			if service.Pid != "" || service.Ipc != "" || service.UserNSMode != "" || len(service.Devices) > 0 {
				t.Errorf("it shares more of the host than files: %q, %q, %q, %v", service.Pid, service.Ipc, service.UserNSMode, service.Devices)
			}
			for _, volume := range service.Volumes {
				if volume.Type == types.VolumeTypeBind && !volume.ReadOnly {
					t.Errorf("may write to the host's %s", volume.Source)
				}
				if strings.HasSuffix(volume.Source, "docker.sock") {
					t.Error("whoever takes it over commands Docker, and so the machine")
				}
			}
		})
	}
}

func TestEachPairThatTalksHasANetworkOfItsOwn(t *testing.T) {
	for _, project := range everyProject(t) {
		on := map[string][]string{}
		published := map[string]bool{}
		for name, service := range project.AllServices() {
			if service.NetworkMode != "" && service.NetworkMode != "none" || service.NetworkMode == "" && len(service.Networks) == 0 {
				t.Errorf("%s is on the network of others: %q", name, service.NetworkMode)
			}
			for network := range service.Networks {
				on[network] = append(on[network], name)
			}
			published[name] = len(service.Ports) > 0
		}
		for network, members := range on {
			switch definition := project.Networks[network]; {
			case len(members) > 2:
				t.Errorf("on the network %s are %v: give each pair one of its own", network, members)
			case len(members) == 2 && !definition.Internal:
				t.Errorf("the network of %v leads out: set internal", members)
			case len(members) == 1 && definition.Internal:
				t.Errorf("%s is alone on the internal network %s", members[0], network)
			case len(members) == 1 && goesOut[members[0]] == "" && definition.DriverOpts[masquerade] != "false":
				t.Errorf("%s reaches the internet by the network %s: set %s to false, or say in goesOut why", members[0], network, masquerade)
			case len(members) == 1 && goesOut[members[0]] == "" && !published[members[0]]:
				t.Errorf("%s publishes no port, and needs no network %s", members[0], network)
			}
		}
	}
}

const masquerade = "com.docker.network.bridge.enable_ip_masquerade"

// What watches is reached from this machine alone, whatever else is.
func TestTheMonitoringIsReachedFromThisMachineAlone(t *testing.T) {
	open := map[string][]string{"expense-tracker": {"5000"}, "grafana": {"3000"}, "prometheus": {"9090"}, "caddy": {"443", "443", "80"}}
	for name, service := range everyService(t) {
		bare, _, _ := strings.Cut(name, " ")
		var ports []string
		for _, port := range service.Ports {
			ports = append(ports, port.Published)
			if port.HostIP != "127.0.0.1" && bare != "caddy" {
				t.Errorf("%s publishes %s on %q", name, port.Published, port.HostIP)
			}
		}
		slices.Sort(ports)
		if len(ports) > 0 && !slices.Equal(ports, open[bare]) {
			t.Errorf("%s publishes %v; those that may publish ports are %v", name, ports, slices.Sorted(maps.Keys(open)))
		}
	}
}
