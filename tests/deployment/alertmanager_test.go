package deployment_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"expense-tracker/tests/rig/project"
)

// The files that .env can name, as the script that starts Alertmanager finds them.
const (
	webhookFile  = "alert_webhook_url"
	ntfyFile     = "alert_ntfy_url"
	passwordFile = "alert_mail_password"
	watchdogFile = "alert_watchdog_url"
)

func amtool(t testing.TB, arguments ...string) string {
	t.Helper()
	var said bytes.Buffer
	command := exec.Command(tool(t, "amtool", "prometheus-alertmanager"), arguments...)
	command.Stderr = &said
	output, err := command.Output()
	if err != nil {
		t.Fatalf("amtool %v: %v\n%s%s", arguments, err, output, &said)
	}
	return strings.TrimSpace(string(output))
}

func TestAlertmanagerTakesItsConfiguration(t *testing.T) {
	amtool(t, "check-config", project.Path(t, "observability/alertmanager/alertmanager.yml"))
}

func TestAlertsAreLedToTheirReceivers(t *testing.T) {
	config := project.Path(t, "observability/alertmanager/alertmanager.yml")
	for labels, receiver := range map[string]string{
		"alertname=Watchdog severity=none":                                       "switch",
		"alertname=ExpenseTrackerDown severity=critical job=expense-tracker":     "people",
		"alertname=ExpenseTrackerSlow severity=warning job=expense-tracker":      "people",
		"alertname=AlertmanagerNotDelivering severity=critical job=alertmanager": "people",
		"alertname=Unknown": "people",
	} {
		test := []string{"config", "routes", "test", "--config.file", config}
		if got := amtool(t, append(test, strings.Fields(labels)...)...); got != receiver {
			t.Errorf("%s goes to %s, want %s", labels, got, receiver)
		}
	}
}

// Whoever renames an alert has to rename it where it silences others, too.
func TestWhatIsSilencedIsAnAlert(t *testing.T) {
	known := map[string]bool{}
	for _, rule := range rules(t) {
		known[rule.Alert] = true
	}
	named := regexp.MustCompile(`alertname=~?"([^"]+)"`).FindAllStringSubmatch(read(t, "observability/alertmanager/alertmanager.yml"), -1)
	if len(named) < 5 {
		t.Errorf("only %d alerts are named", len(named))
	}
	for _, match := range named {
		for _, name := range strings.Split(match[1], "|") {
			if !known[name] {
				t.Errorf("%s is no alert", name)
			}
		}
	}
}

// configure lets the script of the compose file make Alertmanager's configuration of settings and files, and returns its path and what the
// script says.
func configure(t testing.TB, files map[string]string, settings ...string) (path, said string, err error) {
	t.Helper()
	secrets := t.TempDir()
	for _, name := range []string{webhookFile, ntfyFile, passwordFile, watchdogFile} {
		content := files[name] // without one it is as /dev/null is: empty
		switch content {
		case "-": // no such file
			continue
		case "/": // what Docker makes of a file that is not there
			if err := os.Mkdir(filepath.Join(secrets, name), 0o700); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.WriteFile(filepath.Join(secrets, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path = filepath.Join(t.TempDir(), "alertmanager.yml")
	command := exec.Command(tool(t, "sh", "dash"), project.Path(t, "observability/alertmanager/start"))
	command.Env = append([]string{"PATH=" + os.Getenv("PATH"), "ALERT_SECRETS=" + secrets, "ALERT_CONFIG=" + path,
		"ALERT_CHECK_ONLY=yes"}, settings...)
	output, err := command.CombinedOutput()
	return path, string(output), err
}

// receivers is configure for settings that are right.
func receivers(t testing.TB, files map[string]string, settings ...string) (path string) {
	t.Helper()
	path, said, err := configure(t, files, settings...)
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return path
}

func TestReceiversComeFromFiles(t *testing.T) {
	mail := []string{"ALERT_RECEIVERS=mail", "ALERT_MAIL_TO=anna@example.org", "ALERT_MAIL_FROM=it@example.org",
		"ALERT_MAIL_SERVER=smtp.example.org:587"}
	for _, c := range []struct {
		name     string
		files    map[string]string
		settings []string
		says     string
		has      []string
	}{
		{"nothing is set", nil, nil, "nobody is told of alerts", []string{"name: people\n  - name: switch\n"}},
		{"webhook", map[string]string{webhookFile: "https://example.org/a?b='c'\r\n"}, []string{"ALERT_RECEIVERS=webhook"},
			"alerts go out by: webhook",
			[]string{"url: 'https://example.org/a?b=''c'''"}},
		{"ntfy", map[string]string{ntfyFile: "https://ntfy.sh/topic\n"}, []string{"ALERT_RECEIVERS=ntfy"}, "by: ntfy",
			[]string{"url: 'https://ntfy.sh/topic?template=alertmanager'"}},
		{"ntfy with a token", map[string]string{ntfyFile: "https://ntfy.sh/topic?auth=x"}, []string{"ALERT_RECEIVERS=ntfy"}, "by: ntfy",
			[]string{"url: 'https://ntfy.sh/topic?auth=x&template=alertmanager'"}},
		{"mail without a log-in", nil, mail, "by: mail", []string{"to: 'anna@example.org'", "smarthost: 'smtp.example.org:587'"}},
		{"mail", map[string]string{passwordFile: "it's $ecret: \"#1\"\n"}, append([]string{"ALERT_MAIL_USER=it"}, mail...), "by: mail",
			[]string{"auth_username: 'it'", `auth_password: 'it''s $ecret: "#1"'`}},
		{"all, one of them twice", map[string]string{webhookFile: "http://a/", ntfyFile: "http://b/"},
			append(mail, "ALERT_RECEIVERS=ntfy, webhook,mail,ntfy"), "by: ntfy webhook mail",
			[]string{"'http://a/'", "'http://b/?template=alertmanager'", "smarthost"}},
		{"a dead-man's switch", map[string]string{watchdogFile: "https://example.org/ping\n"}, nil, "an outside switch hears",
			[]string{"- name: switch\n    webhook_configs:\n      - url: 'https://example.org/ping'"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path, said, err := configure(t, c.files, c.settings...)
			if err != nil || !strings.Contains(said, c.says) {
				t.Fatalf("%v, said %s", err, said)
			}
			amtool(t, "check-config", path)
			content := string(readPath(t, path))
			for _, part := range c.has {
				if strings.Count(content, part) != 1 {
					t.Errorf("%q is there %d times:\n%s", part, strings.Count(content, part), content)
				}
			}
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("others may read what holds secrets: %v, %v", info.Mode(), err)
			}
		})
	}
}

func TestWhatAReceiverLacksIsSaid(t *testing.T) {
	mail := []string{"ALERT_RECEIVERS=mail", "ALERT_MAIL_TO=anna@example.org", "ALERT_MAIL_FROM=it@example.org"}
	for _, c := range []struct {
		name     string
		files    map[string]string
		settings []string
		says     string
	}{
		{"a slip in the name", nil, []string{"ALERT_RECEIVERS=mial"}, "ALERT_RECEIVERS names mial: it may be webhook, ntfy or mail"},
		{"no file is named", nil, []string{"ALERT_RECEIVERS=webhook"}, "ALERT_WEBHOOK_URL_FILE names no file, or an empty one"},
		{"a file that is not there", map[string]string{ntfyFile: "-"}, []string{"ALERT_RECEIVERS=ntfy"}, "let ALERT_NTFY_URL_FILE name a file"},
		{"a file that was not there when the container was made", map[string]string{ntfyFile: "/"}, []string{"ALERT_RECEIVERS=ntfy"},
			"ALERT_NTFY_URL_FILE names a file that is not there"},
		{"a switch whose file is not there", map[string]string{watchdogFile: "/"}, nil, "ALERT_WATCHDOG_URL_FILE names a file that is not there"},
		{"a file of blank lines", map[string]string{webhookFile: "\n\n"}, []string{"ALERT_RECEIVERS=webhook"}, "names no file, or an empty one"},
		{"two lines", map[string]string{webhookFile: "http://a/\nhttp://hidden/\n"}, []string{"ALERT_RECEIVERS=webhook"}, "more than one line"},
		{"no URL", map[string]string{webhookFile: "hidden\n"}, []string{"ALERT_RECEIVERS=webhook"}, "ALERT_WEBHOOK_URL_FILE holds no URL"},
		{"a URL and more", map[string]string{webhookFile: "http://hidden/ # mine\n"}, []string{"ALERT_RECEIVERS=webhook"}, "has a space in it"},
		{"no server", nil, mail, "mail needs ALERT_MAIL_SERVER in .env"},
		{"a server without a port", nil, append(mail, "ALERT_MAIL_SERVER=smtp.example.org"), "ALERT_MAIL_SERVER has no port"},
		{"a user without a password", nil, append(mail, "ALERT_MAIL_SERVER=smtp.example.org:587", "ALERT_MAIL_USER=it"),
			"ALERT_MAIL_PASSWORD_FILE names no file, or an empty one"},
		{"a switch that is no URL", map[string]string{watchdogFile: "hidden"}, nil, "ALERT_WATCHDOG_URL_FILE holds no URL"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path, said, err := configure(t, c.files, c.settings...)
			if err == nil || !strings.Contains(said, c.says) {
				t.Errorf("%v, said %s", err, said)
			}
			if strings.Contains(said, "hidden") {
				t.Errorf("a secret is in the log: %s", said)
			}
			if _, err := os.Stat(path); err == nil {
				t.Error("a configuration is there all the same")
			}
		})
	}
}

// startAlertmanager runs Alertmanager with a configuration until the test is over, and returns its address.
func startAlertmanager(t *testing.T, config string) (address string) {
	t.Helper()
	address = freeAddress(t)
	startProcess(t, nil, tool(t, "prometheus-alertmanager", "prometheus-alertmanager"), "--config.file="+config,
		"--storage.path="+t.TempDir(), "--web.listen-address="+address, "--cluster.listen-address=", "--log.level=warn")
	awaitOK(t, "http://"+address+"/-/ready")
	return address
}

// TestTheComposeFileHandsTheFilesOver follows each file of .env to where the script looks for it.
func TestTheComposeFileHandsTheFilesOver(t *testing.T) {
	project := loadCompose(t, "ALERT_WEBHOOK_URL_FILE=/a", "ALERT_NTFY_URL_FILE=/b", "ALERT_MAIL_PASSWORD_FILE=/c",
		"ALERT_WATCHDOG_URL_FILE=/d")
	service := project.Services["alertmanager"]
	for name, file := range map[string]string{webhookFile: "/a", ntfyFile: "/b", passwordFile: "/c", watchdogFile: "/d"} {
		if got := project.Secrets[name].File; got != file {
			t.Errorf("%s is %q, want %s", name, got, file)
		}
		handed := false
		for _, secret := range service.Secrets {
			handed = handed || secret.Source == name && (secret.Target == "" || secret.Target == "/run/secrets/"+name)
		}
		if !handed {
			t.Errorf("%s is not handed to Alertmanager", name)
		}
		if bare := loadCompose(t).Secrets[name].File; bare != "/dev/null" {
			t.Errorf("without .env, %s is %q", name, bare)
		}
	}
	if len(service.Ports) > 0 {
		t.Errorf("Alertmanager, which lets everybody silence alerts, is published: %v", service.Ports)
	}
}
