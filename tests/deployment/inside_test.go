package deployment_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// underTest names the project of Compose that runs, in which each container has the program of the package inside at /inside:
// .ci/compose-test starts it so. outside is that program on the machine itself.
const (
	underTest = "COMPOSE_UNDER_TEST"
	outside   = "INSIDE"
)

// container is one that runs, as docker inspect shows it.
type container struct {
	ID     string `json:"Id"`
	Name   string
	Config struct {
		Labels map[string]string
	}
	HostConfig struct {
		Memory, NanoCpus, PidsLimit int64
	}
	NetworkSettings struct {
		Networks map[string]struct{ IPAddress, Gateway string }
	}
}

func (c container) service() string { return c.Config.Labels["com.docker.compose.service"] }

// shares reports whether two are on a network.
func (c container) shares(other container) bool {
	for network := range c.NetworkSettings.Networks {
		if _, both := other.NetworkSettings.Networks[network]; both {
			return true
		}
	}
	return false
}

// report is what the program inside says; see there.
type report struct {
	User                                  int
	Status, Reached, Known, Wrote, Gained []string
	Listening                             []int
}

// composed returns the containers that run, and what docker inspect shows of all.
func composed(t *testing.T) (all []container, shown string) {
	t.Helper()
	project := os.Getenv(underTest)
	if project == "" {
		t.Skip("no set-up runs; make compose-test starts one")
	}
	ids := strings.Fields(run(t, nil, "docker", "ps", "--quiet", "--filter", "label=com.docker.compose.project="+project))
	shown = run(t, nil, "docker", append([]string{"inspect"}, ids...)...)
	if err := json.Unmarshal([]byte(shown), &all); err != nil || len(all) < 5 {
		t.Fatalf("%d containers run: %v", len(all), err)
	}
	return all, shown
}

func run(t *testing.T, in any, name string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, arguments...)
	var out, faults bytes.Buffer
	command.Stdout, command.Stderr = &out, &faults
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		command.Stdin = bytes.NewReader(text)
	}
	if err := command.Run(); err != nil {
		t.Fatalf("%s %v: %v: %s", name, arguments, err, faults.String())
	}
	return out.String()
}

func (c container) try(t *testing.T, addresses, names []string) (r report) {
	t.Helper()
	said := run(t, map[string][]string{"Addresses": addresses, "Names": names}, "docker", "exec", "--interactive", c.ID, "/inside")
	if err := json.Unmarshal([]byte(said), &r); err != nil {
		t.Fatalf("%s: %v: %s", c.service(), err, said)
	}
	return r
}

// TestWhoTakesAContainerOverGetsNoFurther runs in every container as its own program does, and tries what it must not be able to.
func TestWhoTakesAContainerOverGetsNoFurther(t *testing.T) {
	all, _ := composed(t)
	listening, services := map[string][]int{}, []string{}
	for _, one := range all {
		listening[one.ID] = one.try(t, nil, nil).Listening
		services = append(services, one.service())
	}
	internet := listenOutside(t)
	for _, from := range all {
		t.Run(from.service(), func(t *testing.T) {
			t.Parallel()
			addresses, strangers := map[string]container{}, []string{internet}
			for _, to := range all {
				for network, at := range to.NetworkSettings.Networks {
					_, on := from.NetworkSettings.Networks[network]
					for _, port := range listening[to.ID] {
						address := net.JoinHostPort(at.IPAddress, fmt.Sprint(port))
						switch {
						case to.ID == from.ID:
						case on:
							addresses[address] = to
						default:
							strangers = append(strangers, address)
						}
					}
				}
			}
			for _, at := range from.NetworkSettings.Networks { // the machine itself, past what is published on its loopback
				if at.Gateway != "" {
					strangers = append(strangers, at.Gateway+":5000", at.Gateway+":3000", at.Gateway+":9090")
				}
			}
			asked := slices.Clone(strangers)
			friends := map[string]bool{}
			for address, to := range addresses {
				asked, friends[to.service()] = append(asked, address), false
			}
			got := from.try(t, slices.DeleteFunc(asked, func(a string) bool { return a == "" }), services)
			for _, address := range got.Reached {
				if to, may := addresses[address]; may {
					friends[to.service()] = true
				} else if address != internet || goesOut[from.service()] == "" {
					t.Errorf("it reaches %s", address)
				}
			}
			for friend, reached := range friends {
				if !reached && len(listening[idOf(all, friend)]) > 0 {
					t.Errorf("it does not reach %s, on its own network: the test proves nothing", friend)
				}
			}
			if internet != "" && goesOut[from.service()] != "" && !slices.Contains(got.Reached, internet) {
				t.Errorf("it does not reach what is outside, where it has to: %s", goesOut[from.service()])
			}
			for _, name := range got.Known {
				if index := slices.IndexFunc(all, func(c container) bool { return c.service() == name }); !from.shares(all[index]) {
					t.Errorf("it is told where %s is", name)
				}
			}
			checkPrivileges(t, from, got)
		})
	}
}

func idOf(all []container, service string) string {
	return all[slices.IndexFunc(all, func(c container) bool { return c.service() == service })].ID
}

func checkPrivileges(t *testing.T, from container, got report) {
	t.Helper()
	if got.User == 0 {
		t.Error("it runs as root")
	}
	if len(got.Wrote) > 0 {
		t.Errorf("it writes to %v", got.Wrote)
	}
	if len(got.Gained) > 0 {
		t.Errorf("it gets itself %v", got.Gained)
	}
	const none = " 0000000000000000"
	for _, line := range []string{"CapEff:" + none, "CapPrm:" + none, "CapBnd:" + none, "NoNewPrivs: 1", "Seccomp: 2"} {
		if !slices.Contains(got.Status, line) {
			t.Errorf("not %s: %v", line, got.Status)
		}
	}
	if limits := from.HostConfig; limits.Memory == 0 || limits.NanoCpus == 0 || limits.PidsLimit <= 0 {
		t.Errorf("it is not bounded: %+v", limits)
	}
}

// listenOutside plays the internet: a network namespace that the machine leads to, and that knows no way back but to the machine. It
// returns the address that is listened on there, or nothing where it may not be made.
func listenOutside(t *testing.T) string {
	t.Helper()
	const space, address = "expense-outside", "198.18.77.2"
	as := []string{"sudo", "-n"}
	if os.Geteuid() == 0 {
		as = nil
	}
	command := func(line string) *exec.Cmd {
		words := append(slices.Clone(as), strings.Fields(line)...)
		return exec.Command(words[0], words[1:]...)
	}
	if command("ip netns add "+space).Run() != nil {
		t.Log("nobody may make a network namespace here: whether the internet is reached was not tried")
		return ""
	}
	t.Cleanup(func() { _ = command("ip netns delete " + space).Run() })
	for _, line := range []string{
		"ip link add expense-out0 type veth peer name expense-out1 netns " + space,
		"ip address add 198.18.77.1/30 dev expense-out0", "ip link set expense-out0 up",
		"ip -n " + space + " address add " + address + "/30 dev expense-out1", "ip -n " + space + " link set expense-out1 up",
	} {
		if out, err := command(line).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", line, err, out)
		}
	}
	listener := command("ip netns exec " + space + " " + os.Getenv(outside) + " listen " + address + ":443")
	if err := listener.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command("ip netns pids " + space).Run()
		_ = command(fmt.Sprint("kill ", listener.Process.Pid)).Run()
		_ = listener.Wait()
	})
	await(t, 10*time.Second, "what plays the internet answers", func() bool {
		conn, err := net.DialTimeout("tcp", address+":443", time.Second)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return address + ":443"
}

// TestDockerInspectShowsNoSecret looks at every container for every secret of .env, which the test has set to something of its own.
func TestDockerInspectShowsNoSecret(t *testing.T) {
	_, shown := composed(t)
	looked := 0
	for name := range envExample(t) {
		if value := os.Getenv(name); isSecret(name) && value != "" {
			if looked++; strings.Contains(shown, value) {
				t.Errorf("docker inspect shows %s", name)
			}
		}
	}
	if looked < 4 {
		t.Errorf("only %d secrets were looked for", looked)
	}
}
