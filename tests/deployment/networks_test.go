package deployment_test

import (
	"net/netip"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// Docker has addresses of its own for some thirty networks of the whole machine. A set-up that takes them all does not start beside
// another, or not at all.
func TestTheNetworksLeaveOthersTheirAddresses(t *testing.T) {
	const most = 9
	internet := internetOnly()
	var given []string
	for name, value := range internet {
		given = append(given, name+"="+value)
	}
	given = append(given, "COMPOSE_PROFILES=containers,traces")
	for name, over := range map[string][]string{
		"alone": nil, "available": {"deploy/ha/compose.yml"}, "on the internet": {"deploy/internet/compose.yml"},
		"both": {"deploy/ha/compose.yml", "deploy/internet/compose.yml"}, "archived": {"deploy/pitr/compose.yml"},
		"available and archived": {"deploy/ha/compose.yml", "deploy/ha/pitr.yml"},
	} {
		t.Run(name, func(t *testing.T) {
			project := mustLoad(t, over, cli.WithEnv(given), cli.WithDefaultProfiles())
			var taken []netip.Prefix
			of := map[netip.Prefix]string{}
			docker := 0
			for network, members := range membersOf(project) {
				pools := project.Networks[network].Ipam.Config
				if len(pools) == 0 {
					docker++
					continue
				}
				prefix, err := netip.ParsePrefix(pools[0].Subnet)
				if err != nil || len(pools) != 1 || prefix.Masked() != prefix {
					t.Fatalf("%s has the addresses %+v: %v", network, pools, err)
				}
				for _, other := range taken {
					if prefix.Overlaps(other) {
						t.Errorf("%s and %s share addresses: %s, %s", network, of[other], prefix, other)
					}
				}
				taken, of[prefix] = append(taken, prefix), network
				// The first, the last and the gateway's are nobody's; of the program there are six while it is replaced.
				need := members + 3
				if _, on := project.Services["expense-tracker"].Networks[network]; on {
					need += 5
				}
				if room := 1 << (32 - prefix.Bits()); room < need {
					t.Errorf("%s has %d addresses, and needs %d", network, room, need)
				}
			}
			if docker > most {
				t.Errorf("%d networks take addresses that Docker chooses, more than %d", docker, most)
			}
		})
	}
}

// membersOf counts the services on each network that is made.
func membersOf(project *types.Project) map[string]int {
	members := map[string]int{}
	for _, service := range project.Services {
		for network := range service.Networks {
			members[network]++
		}
	}
	return members
}
