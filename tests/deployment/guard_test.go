package deployment_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"expense-tracker/tests/rig/programtest"
	"expense-tracker/tests/rig/project"
)

// ownPasswords is what the guard of the set-up for the internet lets pass: the files that it finds, by name.
func ownPasswords(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	model := internet(t)
	for _, file := range model.Services["guard"].Configs {
		name, found := strings.CutPrefix(file.Target, "/run/passwords/")
		if !found {
			t.Errorf("the guard has a file %s", file.Target)
		}
		files[name] = model.Configs[file.Source].Content
	}
	return files
}

func guard(t *testing.T, files map[string]string) (said string, passed bool) {
	t.Helper()
	folder := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, port, err := net.SplitHostPort(freeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "sh", project.Path(t, "deploy/internet/guard.sh"), folder)
	command.Env = append(os.Environ(), "GUARD_PORT="+port)
	out, err := command.CombinedOutput()
	return string(out), err == nil
}

func TestTheInternetIsRefusedPasswordsThatAreKnownOrShort(t *testing.T) {
	if said, passed := guard(t, ownPasswords(t)); !passed {
		t.Fatalf("passwords of one's own are refused: %s", said)
	}
	var known []string // those that work without .env, or as it is copied
	for name, value := range envExample(t) {
		if isSecret(name) && value != "" {
			known = append(known, name)
			files := ownPasswords(t)
			if _, looked := files[name]; !looked {
				t.Errorf("nobody looks at %s", name)
			}
			files[name] = value + "\n"
			if said, passed := guard(t, files); passed || !strings.Contains(said, name) || strings.Contains(said, value) {
				t.Errorf("%s as in .env.example: passed %t, %q", name, passed, said)
			}
		}
	}
	if len(known) < 4 {
		t.Errorf("only %v have a value that everybody knows", known)
	}
	for password, long := range map[string]bool{"own-eleven1": false, "own-twelve-2": true} {
		files, asked := ownPasswords(t), 0
		for name, value := range files {
			if strings.TrimSpace(value) != "" && !strings.HasSuffix(name, "_HASH") {
				files[name] = password + "\n"
			}
		}
		said, _ := guard(t, files)
		for name := range files {
			if strings.Contains(said, name+" has 11 characters, and needs 12 or more") {
				asked++
			}
		}
		if long && asked > 0 || !long && asked < len(known) || strings.Contains(said, password) {
			t.Errorf("of own passwords, all %s, %d are refused as short: %q", password, asked, said)
		}
	}
	for what, change := range map[string]func(map[string]string){
		"GRAFANA_ADMIN_PASSWORD": func(f map[string]string) { f["GRAFANA_ADMIN_PASSWORD"] = "\n" },
		"POSTGRES_PASSWORD":      func(f map[string]string) { delete(f, "POSTGRES_PASSWORD") },
		"POSTGRES_APP_PASSWORD":  func(f map[string]string) { f["POSTGRES_APP_PASSWORD"] = f["POSTGRES_PASSWORD"] },
		"PROMETHEUS_PASSWORD_HASH is no bcrypt hash": func(f map[string]string) {
			f["PROMETHEUS_PASSWORD_HASH"] = f["PROMETHEUS_PASSWORD"]
		},
		"is no bcrypt hash": func(f map[string]string) { f["PROMETHEUS_PASSWORD_HASH"] = f["PROMETHEUS_PASSWORD_HASH"][:40] + "\n" },
		"PROMETHEUS_PASSWORD_HASH is the hash of another password": func(f map[string]string) {
			f["PROMETHEUS_PASSWORD"] = "swordfish \"two\"\n"
		},
		"POSTGRES_REPLICATION_PASSWORD": func(f map[string]string) { f["POSTGRES_REPLICATION_PASSWORD"] = "replication_password\n" },
		"PATRONI_PASSWORD":              func(f map[string]string) { f["PATRONI_PASSWORD"] = "patroni_password\n" },
	} {
		files := ownPasswords(t)
		change(files)
		if said, passed := guard(t, files); passed || !strings.Contains(said, what) {
			t.Errorf("%s: passed %t, %q", what, passed, said)
		}
	}
}

// Nothing of the set-up starts before its passwords were looked at.
func TestEverythingOnTheInternetWaitsForTheGuard(t *testing.T) {
	model := internet(t)
	bare := loadCompose(t).Services
	for name := range model.Services {
		if _, of := bare[name]; name == "guard" || of && len(bare[name].Configs) == 0 && len(bare[name].Ports) == 0 {
			continue // it has neither a secret nor a port
		}
		if _, waits := model.Services[name].DependsOn["guard"]; !waits {
			t.Errorf("%s starts whatever its passwords are", name)
		}
	}
	if mode := model.Services["guard"].NetworkMode; mode != "none" {
		t.Errorf("who sees all passwords is on the network %q", mode)
	}
}

// handedPassword is the file with what Prometheus and Grafana ask Prometheus with.
const handedPassword = "/run/secrets/prometheus_password"

// A live Prometheus of the set-up for the internet: it asks for the password, and measures itself with it.
func TestPrometheusAsksForAPassword(t *testing.T) {
	t.Parallel()
	model, folder, address := internet(t), t.TempDir(), freeAddress(t)
	files := map[string]string{}
	for _, file := range model.Services["prometheus"].Configs {
		files[file.Target] = filepath.Join(folder, filepath.Base(file.Target))
	}
	for _, file := range model.Services["prometheus"].Configs {
		content := strings.ReplaceAll(model.Configs[file.Source].Content, handedPassword, files[handedPassword])
		if err := os.WriteFile(files[file.Target], []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config := prometheusConfig(t)
	config.Global = map[string]any{"scrape_interval": "1s", "scrape_timeout": "1s"}
	config.RuleFiles, config.Alerting = nil, nil
	var self []job
	for _, one := range config.Jobs {
		if one.Name == "prometheus" {
			one.Static[0].Targets = []string{address}
			one.Rest["basic_auth"].(map[string]any)["password_file"] = files[handedPassword]
			self = append(self, one)
		}
	}
	config.Jobs = self
	text, err := yaml.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	startProcess(t, nil, tool(t, "prometheus", "prometheus"), "--config.file="+programtest.WriteFile(t, "prometheus.yml", string(text)),
		"--web.config.file="+files["/etc/prometheus/web.yml"], "--storage.tsdb.path="+t.TempDir(), "--web.listen-address="+address,
		"--log.level=warn")
	url := "http://" + address
	ask := func(password string) (status int, said string) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/api/v1/query?query=up==1", nil)
		if err != nil {
			t.Fatal(err)
		}
		if password != "" {
			request.SetBasicAuth("prometheus", password)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		return answer.StatusCode, string(text)
	}
	await(t, time.Minute, "Prometheus answers", func() bool {
		answer, err := get(t.Context(), url+"/-/ready")
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return answer.StatusCode == http.StatusUnauthorized
	})
	for _, password := range []string{"", "admin", "nobody asks"} {
		if status, _ := ask(password); status != http.StatusUnauthorized {
			t.Errorf("with the password %q: %d", password, status)
		}
	}
	await(t, time.Minute, "Prometheus measures itself", func() bool {
		_, said := ask(internetOnly()["PROMETHEUS_PASSWORD"])
		return strings.Contains(said, address)
	})
}
