package deployment_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"expense-tracker/tests/rig/programtest"
	"expense-tracker/tests/rig/project"
)

var updateRules = flag.Bool("update-rules", false, "write the rules of Kubernetes' Prometheus again")

// clustered says of each rule file whether a cluster's Prometheus reads it as well, and if not, why.
var clustered = map[string]string{
	"expense-tracker.rules.yml": "",
	"upkeep.rules.yml":          "",
	"host.rules.yml":            "nodes are watched by the cluster's own rules",
	"watch.rules.yml":           "Prometheus and Alertmanager are watched by their operator's own rules",
	"objectives.rules.yml":      "",
	"backups.rules.yml":         "backups are CloudNativePG's, and cluster.rules.yml tells of their restore",
	"failover.rules.yml":        "HAProxy and Patroni are Compose's; CloudNativePG and the proxy have rules of their own",
	"seen.rules.yml":            "CloudNativePG has an exporter of its own, and pages are asked for by the probe alone",
}

// composes are the objectives that are about what Compose alone runs.
var composes = []string{"backup-age"}

// ofClusters leaves out of a file's groups the rules of such objectives.
func ofClusters(groups []any) []any {
	for _, group := range groups {
		fields := group.(map[string]any)
		rules, _ := fields["rules"].([]any)
		fields["rules"] = slices.DeleteFunc(rules, func(rule any) bool {
			labels, _ := rule.(map[string]any)["labels"].(map[string]any)
			objective, _ := labels["objective"].(string)
			return slices.Contains(composes, objective)
		})
	}
	return groups
}

const rulesFile = "deploy/kubernetes/components/monitoring/rules.yaml"

// One source: the rules of a cluster are those that Compose's Prometheus reads, and what only a cluster has.
func TestTheClustersRulesAreThoseOfCompose(t *testing.T) {
	var groups []any
	const own = "deploy/kubernetes/components/monitoring/cluster.rules.yml"
	for _, path := range append(globbed(t, "observability/prometheus/*.rules.yml"), own) {
		why, decided := clustered[filepath.Base(path)]
		if path != own && (!decided || why != "") {
			if !decided {
				t.Errorf("nobody has said whether a cluster reads %s", path)
			}
			continue
		}
		var file struct{ Groups []any }
		readYAML(t, project.Path(t, path), &file)
		groups = append(groups, ofClusters(file.Groups)...)
	}
	var want bytes.Buffer
	want.WriteString("# Made of observability/prometheus and cluster.rules.yml by make generate. Change those.\n")
	encoder := yaml.NewEncoder(&want)
	encoder.SetIndent(2)
	if err := encoder.Encode(map[string]any{
		"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule",
		"metadata": map[string]any{"name": "expense-tracker"}, "spec": map[string]any{"groups": groups},
	}); err != nil {
		t.Fatal(err)
	}
	path := project.Path(t, rulesFile)
	if *updateRules {
		if err := os.WriteFile(path, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s is not what observability/prometheus makes: run make generate (%v)", rulesFile, err)
	}
}

// operators are the modules whose definitions of objects the manifests are held to.
var operators = map[string]string{
	"github.com/cloudnative-pg/cloudnative-pg":           "config/crd/bases",
	"github.com/cloudnative-pg/plugin-barman-cloud":      "config/crd/bases",
	"github.com/prometheus-operator/prometheus-operator": "example/prometheus-operator-crd",
}

// renderer builds the program that renders and checks, once, and returns its command.
var renderer = sync.OnceValues(func() ([]string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	folder := filepath.Join(kubernetesTop, "tests/deployment/kubernetes")
	binary := filepath.Join(programtest.Folder(), "kubernetes")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, ".")
	build.Dir = folder
	if output, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, output)
	}
	command := []string{binary}
	for module, definitions := range operators {
		download := exec.CommandContext(ctx, "go", "mod", "download", "-json", module) // go.sum has its hash
		download.Dir = folder
		output, err := download.Output()
		var found struct{ Dir string }
		if err := errors.Join(err, json.Unmarshal(output, &found)); err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", module, err, output)
		}
		command = append(command, "-crds", filepath.Join(found.Dir, definitions))
	}
	return command, nil
})

// kubernetesTop is the project's folder. Tests set it before they render.
var kubernetesTop string

// object is one of Kubernetes', read as far as tests look at it.
type object map[string]any

// at returns what stands at a path, where a number is a place in a list; nil if nothing does.
func (o object) at(path ...string) any {
	var here any = map[string]any(o)
	for _, step := range path {
		switch v := here.(type) {
		case map[string]any:
			here = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return nil
			}
			here = v[i]
		default:
			return nil
		}
	}
	return here
}

// rendered returns the objects of an overlay by kind and name. Each has been held to its schema.
func rendered(t *testing.T, overlay string) map[string]object {
	t.Helper()
	kubernetesTop = project.Path(t, ".")
	command, err := renderer()
	if err != nil {
		t.Fatal(err)
	}
	args := append(slices.Clone(command[1:]), "-folder", project.Path(t, "deploy/kubernetes/overlays/"+overlay))
	var said bytes.Buffer
	run := exec.CommandContext(t.Context(), command[0], args...)
	run.Stderr = &said
	output, err := run.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", overlay, err, said.String())
	}
	all := map[string]object{}
	for decoder := yaml.NewDecoder(bytes.NewReader(output)); ; {
		var fields map[string]any // and no object: what is within would be objects, too
		err := decoder.Decode(&fields)
		o := object(fields)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if o != nil {
			all[fmt.Sprint(o["kind"], "/", o.at("metadata", "name"))] = o
		}
	}
	return all
}

func TestKubernetesManifestsFitTheirSchemas(t *testing.T) {
	laptop, production := rendered(t, "laptop"), rendered(t, "production")
	for _, name := range []string{
		"Deployment/expense-tracker", "Cluster/expense-tracker-db", "PodDisruptionBudget/expense-tracker", "NetworkPolicy/nothing-by-itself",
	} {
		if laptop[name] == nil || production[name] == nil {
			t.Errorf("%s is missing in an overlay", name)
		}
	}
	for _, name := range []string{
		"ServiceMonitor/expense-tracker", "PrometheusRule/expense-tracker", "HorizontalPodAutoscaler/expense-tracker",
		"Deployment/expense-tracker-probe", "NetworkPolicy/expense-tracker-probe",
		"ScheduledBackup/expense-tracker-db", "ObjectStore/expense-tracker-backups", "CronJob/expense-tracker-restore",
	} {
		if production[name] == nil {
			t.Errorf("production has no %s", name)
		}
	}
	for name := range production {
		if strings.HasPrefix(name, "Secret/") {
			t.Errorf("%s is in the tree", name)
		}
	}
}

// What the parts say of each other has to be the same.
func TestKubernetesManifestsAgree(t *testing.T) {
	production := rendered(t, "production")
	deployment, cluster := production["Deployment/expense-tracker"], production["Cluster/expense-tracker-db"]
	settings := settingsOf(t, production)
	pod := []string{"spec", "template", "spec"}
	in := func(path ...string) any { return deployment.at(append(slices.Clone(pod), path...)...) }

	seconds := func(text string) int {
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		return int(d.Seconds())
	}
	grace := number(t, in("terminationGracePeriodSeconds"))
	sleep := number(t, in("containers", "0", "lifecycle", "preStop", "sleep", "seconds"))
	if shutdown := seconds(settings["EXPENSE_TRACKER_SHUTDOWN_TIMEOUT"]); grace < sleep+shutdown+5 {
		t.Errorf("killed after %d s, but it may take %d + %d", grace, sleep, shutdown)
	}
	if drain := seconds(settings["EXPENSE_TRACKER_SHUTDOWN_DRAIN"]); drain == 0 {
		t.Error("nobody is told before it goes")
	}
	most := number(t, production["HorizontalPodAutoscaler/expense-tracker"].at("spec", "maxReplicas")) + 1 // one more while they are replaced
	each, err := strconv.Atoi(settings["EXPENSE_TRACKER_DATABASE_MAX_CONNECTIONS"])
	if err != nil {
		t.Fatal(err)
	}
	allowed, err := strconv.Atoi(fmt.Sprint(cluster.at("spec", "postgresql", "parameters", "max_connections")))
	if err != nil || most*(each+2)+10 > allowed { // each has two beside its pool; the operator and its exporter have some
		t.Errorf("%d instances of %d connections, and the database takes %d, %v", most, each, allowed, err)
	}
	if deployment.at("spec", "replicas") != nil {
		t.Error("the deployment and the autoscaler both say how many there are")
	}
	serving := fmt.Sprint(in("containers"))
	if strings.Contains(serving, "OWNER") || strings.Contains(serving, "expense-tracker-owner") {
		t.Error("the container that serves has the owner's password")
	}
	for _, path := range []string{"startupProbe", "livenessProbe", "readinessProbe"} {
		if in("containers", "0", path, "httpGet", "path") == nil {
			t.Errorf("no %s", path)
		}
	}
	for _, container := range []any{in("containers", "0"), in("initContainers", "0")} {
		c := object(container.(map[string]any))
		if c.at("securityContext", "readOnlyRootFilesystem") != true || c.at("securityContext", "allowPrivilegeEscalation") != false ||
			c.at("resources", "limits", "memory") == nil {
			t.Errorf("%s is not held", c["name"])
		}
	}
	if spread, _ := in("topologySpreadConstraints").([]any); len(spread) != 2 {
		t.Errorf("spread over %v", spread)
	}
}

// A rule that asks for a job by a name that nobody has here never says anything.
func TestTheClustersRulesAskForWhatIsThere(t *testing.T) {
	production := rendered(t, "production")
	monitored := fmt.Sprint(production["ServiceMonitor/expense-tracker"].at("spec", "selector"))
	jobs := map[string]bool{"node-exporter": true} // of the usual charts
	for name, o := range production {
		labels := object{"labels": o.at("metadata", "labels")}
		job := fmt.Sprint(labels.at("labels", "app.kubernetes.io/name"))
		if strings.HasPrefix(name, "Service/") && labels.at("labels", "app.kubernetes.io/component") == "metrics" &&
			strings.Contains(monitored, job) {
			jobs[job] = true
		}
	}
	for _, match := range regexp.MustCompile(`[{, ]job="([^"]+)"`).FindAllStringSubmatch(read(t, rulesFile), -1) {
		if !jobs[match[1]] {
			t.Errorf("a rule asks for the job %s; there are %v", match[1], jobs)
			jobs[match[1]] = true
		}
	}
	for _, name := range []string{"Deployment/expense-tracker", "Deployment/expense-tracker-probe"} {
		if container := fmt.Sprint(production[name].at("spec", "template", "spec", "containers")); !strings.Contains(container,
			"name:expense-tracker-probe") {
			t.Errorf("%s does not have the secret that the probe and the program share: %s", name, container)
		}
	}
}

// settingsOf returns what the program's container reads, and holds the names to the program's own.
func settingsOf(t *testing.T, objects map[string]object) map[string]string {
	t.Helper()
	settings := map[string]string{}
	for name, o := range objects {
		data, _ := o["data"].(map[string]any)
		if !strings.HasPrefix(name, "ConfigMap/expense-tracker-") || data["EXPENSE_TRACKER_LISTEN"] == nil {
			continue
		}
		var env []string
		for key, value := range data {
			settings[key] = fmt.Sprint(value)
			env = append(env, key+"="+fmt.Sprint(value))
		}
		command := exec.CommandContext(t.Context(), programtest.Binary(t), "config")
		command.Env = append(env, "HOME="+t.TempDir())
		if output, err := command.CombinedOutput(); err != nil {
			t.Errorf("the program does not take its settings: %v\n%s", err, output)
		}
	}
	if len(settings) == 0 {
		t.Fatal("the program has no settings")
	}
	return settings
}

func number(t *testing.T, value any) int {
	t.Helper()
	n, is := value.(int)
	if !is {
		t.Fatalf("%v is no number", value)
	}
	return n
}
