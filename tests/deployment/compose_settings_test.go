package deployment_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/types"
)

func TestTheProgramIsWiredToTheDatabase(t *testing.T) {
	project := loadCompose(t, "POSTGRES_PASSWORD=p@ss/w:rd#1%", "POSTGRES_APP_PASSWORD=th@ir/w:rd#2%")
	program, db := project.Services["expense-tracker"].Environment, project.Services["db"].Environment
	storage, err := url.Parse(setting(t, program, "EXPENSE_TRACKER_STORAGE"))
	if err != nil {
		t.Fatal(err)
	}
	owner, err := url.Parse(setting(t, program, "EXPENSE_TRACKER_STORAGE_OWNER"))
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []*url.URL{storage, owner} {
		if one.Scheme != "postgres" || one.Host != "db:5432" {
			t.Errorf("storage is %s", one)
		}
		if name := setting(t, db, "POSTGRES_DB"); name != "expense_tracker" || "/"+name != one.Path {
			t.Errorf("the database is called %q, the program asks for %q", name, one.Path)
		}
	}
	// The server's own user is a superuser, to whom no rule of row-level security applies.
	if user := setting(t, db, "POSTGRES_USER"); user != "expense_user" || user != owner.User.Username() || user == storage.User.Username() {
		t.Errorf("the database's user is %q; %q owns the tables, and %q serves", user, owner.User.Username(), storage.User.Username())
	}
	// In a URL these characters would have to be escaped, and compose cannot do that.
	theirs, ours := handedTo(t, project, "db", "POSTGRES_PASSWORD_FILE"), handed(t, project, "EXPENSE_TRACKER_STORAGE_OWNER_PASSWORD_FILE")
	if theirs != ours || theirs != "p@ss/w:rd#1%" {
		t.Errorf("the database's password is %q, the program's %q", theirs, ours)
	}
	if app := handed(t, project, "EXPENSE_TRACKER_STORAGE_PASSWORD_FILE"); app != "th@ir/w:rd#2%" {
		t.Errorf("the password of the role that serves is %q", app)
	}
	if data := setting(t, db, "PGDATA"); !strings.HasPrefix(data, "/var/lib/postgresql/") {
		t.Errorf("the database's data is at %s, outside its volume", data)
	}
}

// Prometheus asks the program by its service's name, on the listener that nobody else reaches. The name
// has to be among those that the program answers to, whatever else is.
func TestThePrometheusTargetIsAnsweredByItsName(t *testing.T) {
	for _, project := range []*types.Project{loadCompose(t), loadCompose(t, "EXPENSE_TRACKER_WEB_HOSTS=expenses.example.org")} {
		hosts := strings.Split(setting(t, project.Services["expense-tracker"].Environment, "EXPENSE_TRACKER_WEB_HOSTS"), ",")
		for _, job := range prometheusConfig(t).Jobs {
			if job.Name != "expense-tracker" {
				continue
			}
			for _, name := range job.Looked[0].Names {
				if !slices.Contains(hosts, name) {
					t.Errorf("the program answers to %v, and Prometheus asks %s", hosts, name)
				}
				listened := setting(t, project.Services[name].Environment, "EXPENSE_TRACKER_METRICS_LISTEN")
				if listened != fmt.Sprintf(":%d", job.Looked[0].Port) {
					t.Errorf("the program shows its metrics at %s, and Prometheus asks port %d", listened, job.Looked[0].Port)
				}
			}
		}
	}
}

// TestPasswordsComeFromTheEnvFile changes every value that .env.example names and demands that no default is left: neither a
// password written into the file, nor one that an operator's .env does not reach.
func TestPasswordsComeFromTheEnvFile(t *testing.T) {
	var changed []string
	for name := range envExample(t) {
		if strings.HasPrefix(name, "CPUS_") || strings.HasSuffix(name, "_PORT") || strings.HasPrefix(name, "SUBNETS") ||
			strings.HasPrefix(name, "INSTANCES_") {
			continue // a number, or addresses
		}
		changed = append(changed, name+"=changed")
	}
	var found []string
	for name, file := range loadCompose(t, changed...).Configs {
		if !regexp.MustCompile(`password|secret|token|key`).MatchString(name) {
			continue
		}
		if found = append(found, name); file.Content != "changed\n" {
			t.Errorf("the file %s does not come from .env", name)
		}
	}
	for _, name := range []string{
		"admin_password", "app_password", "backup_key", "backup_s3_key_id", "backup_s3_secret", "grafana_password", "oidc_secret",
		"owner_password", "prometheus_password",
	} {
		if !slices.Contains(found, name) {
			t.Errorf("there is no file %s, only %v", name, found)
		}
	}
}

// What docker inspect shows, whoever may run it sees: the environment, the command, the labels, the checks of health.
func TestNoServiceIsToldASecretWhereItIsShown(t *testing.T) {
	var given []string
	for name := range envExample(t) {
		if isSecret(name) {
			given = append(given, name+"=told-"+name)
		}
	}
	for name, service := range everyService(t, given...) {
		shown, err := json.Marshal(service)
		if err != nil {
			t.Fatal(err)
		}
		if leaked := regexp.MustCompile(`told-[A-Z_]+`).FindString(string(shown)); leaked != "" {
			t.Errorf("%s is told %s where docker inspect shows it", name, strings.TrimPrefix(leaked, "told-"))
		}
		for key := range service.Environment {
			if isSecret(key) {
				t.Errorf("%s: %s is no file", name, key)
			}
		}
		for _, file := range service.Configs {
			if file.Mode == nil || *file.Mode != 0o444 && *file.Mode != 0o440 && *file.Mode != 0o400 {
				t.Errorf("%s: the file %s may be changed, or may not be read", name, file.Target)
			}
		}
	}
}

// isSecret reports whether a variable holds one itself, and does not name a file that does.
func isSecret(name string) bool {
	return regexp.MustCompile(`PASSWORD|SECRET|TOKEN|_KEY|PGPASS`).MatchString(name) &&
		!strings.HasSuffix(name, "_FILE") && name != "PGPASSFILE"
}

// handed returns what the program finds in the file that a variable names.
func handed(t *testing.T, project *types.Project, variable string) string {
	t.Helper()
	return handedTo(t, project, "expense-tracker", variable)
}

// handedTo returns what a service finds in the file that a variable of it names.
func handedTo(t *testing.T, project *types.Project, name, variable string) string {
	t.Helper()
	service := project.Services[name]
	path := setting(t, service.Environment, variable)
	for _, file := range service.Configs {
		if file.Target != path {
			continue
		}
		content, ended := strings.CutSuffix(project.Configs[file.Source].Content, "\n")
		if !ended || file.Mode == nil || *file.Mode != 0o444 {
			t.Errorf("%s: the file has no end, or is not for the program to read: mode %v", variable, file.Mode)
		}
		return content
	}
	t.Fatalf("%s names %s, which nobody puts there", variable, path)
	return ""
}

// Others than the container reach the program in it, so people sign in.
func TestPeopleSignInToWhatIsComposed(t *testing.T) {
	project := loadCompose(t, "ADMIN_PASSWORD=seven quiet herons wade")
	if got := setting(t, project.Services["expense-tracker"].Environment, "EXPENSE_TRACKER_AUTH_MODE"); got != "password" {
		t.Errorf("the mode is %q", got)
	}
	if got := handed(t, project, "EXPENSE_TRACKER_AUTH_ADMIN_PASSWORD_FILE"); got != "seven quiet herons wade" {
		t.Errorf("the first account's password is %q", got)
	}
	// Without one the file is blank, and not empty: Compose would make a folder of it.
	if got := handed(t, loadCompose(t), "EXPENSE_TRACKER_AUTH_ADMIN_PASSWORD_FILE"); got != "" {
		t.Errorf("without a password for it, the first account has %q", got)
	}
	if !strings.Contains(read(t, "Dockerfile"), "EXPENSE_TRACKER_AUTH_MODE=password") {
		t.Error("the image lets everybody in")
	}
}

func TestWithoutAnEnvFileTheExampleIsInForce(t *testing.T) {
	var variables []string
	for name, value := range envExample(t) {
		variables = append(variables, name+"="+value)
	}
	bare, example := loadCompose(t), loadCompose(t, variables...)
	for name, service := range example.Services {
		if !maps.EqualFunc(service.Environment, bare.Services[name].Environment,
			func(a, b *string) bool { return a != nil && b != nil && *a == *b }) {
			t.Errorf("%s differs from its environment without .env", name)
		}
	}
	user := setting(t, bare.Services["grafana"].Environment, "GF_SECURITY_ADMIN_USER")
	if password := handedTo(t, bare, "grafana", "GF_SECURITY_ADMIN_PASSWORD__FILE"); user != "admin" || password != "admin" {
		t.Errorf("Grafana's first user is %s/%s", user, password)
	}
}

// TestTheEnvExampleNamesEveryVariable keeps .env.example complete and free of what nothing reads. The build stamps are not
// settings of an operator: the Makefile and the workflows hand them in.
func TestTheEnvExampleNamesEveryVariable(t *testing.T) {
	used := map[string]bool{}
	for _, match := range regexp.MustCompile(`\$\{([A-Z0-9_]+)`).FindAllStringSubmatch(read(t, "docker-compose.yml"), -1) {
		used[match[1]] = true
	}
	for _, stamp := range []string{"VERSION", "REVISION", "IMAGE_TAG", "MONITORING_FILES", "PROXY_FILES"} {
		delete(used, stamp)
	}
	names, known := slices.Sorted(maps.Keys(used)), slices.Sorted(maps.Keys(envExample(t)))
	if !slices.Equal(names, known) {
		t.Errorf("docker-compose.yml reads %v, .env.example names %v", names, known)
	}
}

func envExample(t testing.TB) map[string]string {
	t.Helper()
	variables, err := dotenv.Parse(strings.NewReader(read(t, ".env.example")))
	if err != nil {
		t.Fatal(err)
	}
	return variables
}

func setting(t testing.TB, environment types.MappingWithEquals, name string) string {
	t.Helper()
	value := environment[name]
	if value == nil {
		t.Fatalf("%s is not set", name)
	}
	return *value
}
