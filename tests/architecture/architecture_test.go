// Package architecture_test holds the folders to the rules of CONTRIBUTING.md: who may import whom, and what stands at the top.
package architecture_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"expense-tracker/tests/rig/project"
)

const module = "expense-tracker/"

// goPackage is what go list says of a package.
type goPackage struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
	GoFiles      []string
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	command := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports,GoFiles", "./...")
	command.Dir = project.Path(t, ".")
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var p goPackage
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	if len(packages) < 10 {
		t.Fatalf("go list found %d packages", len(packages))
	}
	return packages
}

// pure is what the core may import of the standard library and of others: values, and nothing that reaches outside the process.
func pure() []string {
	return []string{
		"cmp", "context", "crypto/hmac", "crypto/sha256", "encoding/hex", "errors", "fmt", "iter", "maps", "math", "math/rand/v2",
		"slices", "strconv", "strings",
		"sync", "time", "unicode", "unicode/utf8",
		"github.com/bojanz/currency", "github.com/cockroachdb/apd/v3", "golang.org/x/text/cases", "golang.org/x/text/unicode/norm",
	}
}

func within(path, folder string) bool {
	return path == module+folder || strings.HasPrefix(path, module+folder+"/")
}

// forbidden says why a package may not import another, or nothing if it may.
func forbidden(from, to string) string {
	ours := strings.HasPrefix(to, module)
	switch {
	case isTestPackage(to) && !isTestPackage(from):
		return "only tests import a *test package"
	case within(to, "cmd") && !within(from, "cmd"):
		return "nothing imports cmd"
	case within(to, "tests") && !within(from, "tests") && !within(from, "cmd/bench") && !within(from, "cmd/chaos") &&
		!within(from, "cmd/drill") && !within(from, "cmd/drill-restore") && !isTestPackage(from):
		return "only tests, the benchmark, the trial and the drills import what tests stand on"
	case isTestPackage(from):
		return ""
	case within(from, "core") && ours && !within(to, "core"):
		return "the core imports only the core"
	case within(from, "core") && !ours && !slices.Contains(pure(), to):
		return "the core knows nothing of what is outside it"
	case within(from, "core") && ours && isKernel(from) && !isKernel(to):
		return "the kernel knows no module"
	case within(from, "core") && ours && !isKernel(to) && moduleOf(from) != moduleOf(to):
		return "a module of the core knows the kernel and no other module"
	case within(from, kit) && within(to, "core") && !isKernel(to):
		return "what any module's SQL needs knows no module"
	case within(from, kit) && ours && !within(to, "core") && !within(to, kit):
		return "what any module's SQL needs stands on nothing of ours but the kernel"
	case sqlModule(from) != "" && within(to, "core") && !isKernel(to) && moduleOf(to) != sqlModule(from):
		return "the SQL of a module knows its own module and no other"
	case sqlModule(from) != "" && sqlModule(to) != "" && !isKernel(module+"core/"+sqlModule(to)) && sqlModule(to) != sqlModule(from):
		return "the SQL of a module knows the SQL of no other"
	case within(from, "adapters") && ours && !within(to, "core") && !within(to, "adapters/internal") && !sameAdapter(from, to):
		return "an adapter imports the core, what adapters share, and its driver"
	case within(from, "web") && ours && !within(to, "core") && !within(to, "web"):
		return "web imports only the core"
	case within(from, "web/internal") && within(to, "web") && !within(to, "web/internal"):
		return "what areas share knows neither the site nor an area"
	case areaOf(from) != "" && within(to, "web") && !within(to, "web/internal") && areaOf(to) != areaOf(from):
		return "an area imports what areas share, and neither the site nor another area"
	case within(from, "config") && ours && !within(to, "config"):
		return "config imports nothing of ours"
	case within(from, "observability") && ours && !within(to, "core") && !within(to, "observability"):
		return "observability imports the core, to wrap its ports"
	}
	return ""
}

// isKernel reports whether a package of the core is values that every module may use.
func isKernel(path string) bool {
	return slices.Contains([]string{"fault", "money", "civil", "text", "idempotency", "revision", "ledger"}, moduleOf(path))
}

// moduleOf returns the folder under core that a package belongs to.
func moduleOf(path string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(path, module+"core/"), "/")
	return name
}

// kit is what any module's SQL needs.
const kit = "adapters/internal/sqlkit"

// sqlModule returns the module whose SQL a package holds, as sqlexpense holds that of module expense; empty for any other package.
func sqlModule(path string) string {
	rest, ok := strings.CutPrefix(path, module+"adapters/internal/sql")
	name, _, _ := strings.Cut(rest, "/")
	if !ok || name == "kit" {
		return ""
	}
	return name
}

// sameAdapter reports whether both packages belong to one folder under adapters.
func sameAdapter(from, to string) bool {
	name := strings.Split(strings.TrimPrefix(from, module), "/")
	return len(name) > 1 && within(to, "adapters/"+name[1])
}

// areaOf returns the folder under web of an area's package, or nothing for other packages.
func areaOf(path string) string {
	name := strings.Split(strings.TrimPrefix(path, module), "/")
	if len(name) < 2 || name[0] != "web" || name[1] == "internal" || isTestPackage(path) {
		return ""
	}
	return name[1]
}

func isTestPackage(path string) bool { return strings.HasSuffix(path, "test") }

func TestImportRules(t *testing.T) {
	for _, p := range listPackages(t) {
		for _, to := range p.Imports {
			if why := forbidden(p.ImportPath, to); why != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, to, why)
			}
		}
	}
}

// The rules have to catch what they are for.
func TestImportRulesCatch(t *testing.T) {
	for _, pair := range [][2]string{
		{"core/expense", "database/sql"}, {"core/money", "net/http"}, {"core/expense", "os"}, {"core/expense", "log/slog"},
		{"core/expense", "go.opentelemetry.io/otel"}, {"core/expense", module + "web"}, {"core/expense", module + "adapters/memory"},
		{"core/budget", module + "core/expense"}, {"core/expense", module + "core/budget"}, {"core/budget/plan", module + "core/expense/sample"},
		{"core/ledger", module + "core/expense"}, {"core/revision", module + "core/expense"},
		{"core/money", module + "core/expense/sample"}, {"core/expense", module + "core"},
		{"adapters/sqlite", module + "adapters/postgres"}, {"adapters/sqlite", module + "web"}, {"adapters/postgres", module + "config"},
		{kit, module + "core/expense"}, {kit, module + "adapters/internal/sqlmoney"}, {kit + "/pool", module + "core/budget"},
		{"adapters/internal/sqlbudget", module + "core/expense"}, {"adapters/internal/sqlbudget", module + "adapters/internal/sqlexpense"},
		{"adapters/internal/sqlmoney", module + "core/expense"}, {"adapters/internal/sqlledger", module + "adapters/internal/sqlexpense"},
		{"web", module + "adapters/memory"}, {"web", module + "observability"}, {"config", module + "core/money"},
		{"observability", module + "adapters/memory"}, {"web", module + "cmd/expense-tracker"},
		{"cmd/expense-tracker", module + "core/expense/expensetest"},
		{"cmd/expense-tracker", module + "tests/rig/program"}, {"adapters/postgres", module + "tests/rig/throwaway"},
		{"web/expenses", module + "web/categories"}, {"web/categories/x", module + "web/expenses"}, {"web/expenses", module + "web"},
		{"web/expenses", module + "adapters/memory"}, {"web/internal/page", module + "web/expenses"}, {"web/internal/page", module + "web"},
		{"web/internal/page", module + "observability"}, {"web/expenses", module + "web/webtest"},
	} {
		if forbidden(module+pair[0], pair[1]) == "" {
			t.Errorf("%s may import %s", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{
		{"core/expense", module + "core/fault"}, {"core/budget", module + "core/text"}, {"core/revision", module + "core/idempotency"},
		{"core/budget", module + "core/ledger"}, {"core/ledger", module + "core/civil"},
		{"core/expense/sample", module + "core/expense"}, {"adapters/sqlite", module + "adapters/internal/sqlkit"},
		{kit, module + "core/ledger"}, {kit, module + "core/revision"},
		{"adapters/internal/sqlbudget", module + "core/budget"}, {"adapters/internal/sqlbudget", module + "core/civil"},
		{"adapters/internal/sqlbudget", module + "adapters/internal/sqlmoney"}, {"adapters/internal/sqlbudget", module + kit},
		{"adapters/sqlite", module + "adapters/internal/sqlexpense"}, {"adapters/sqlite", "modernc.org/sqlite"},
		{"cmd/expense-tracker", module + "adapters/sqlite"}, {"web", module + "core/expense"},
		{"cmd/bench", module + "tests/rig/program"}, {"adapters/postgres/postgrestest", module + "tests/rig/throwaway"},
		{"web", module + "web/expenses"}, {"web/expenses", module + "web/internal/page"}, {"web/expenses", module + "web/expenses/x"},
		{"web/internal/problem", module + "web/internal/page"}, {"web/webtest", module + "web"}, {"web/webtest", module + "adapters/memory"},
	} {
		if why := forbidden(module+pair[0], pair[1]); why != "" {
			t.Errorf("%s may not import %s: %s", pair[0], pair[1], why)
		}
	}
}

func TestNoGlobalEffects(t *testing.T) {
	for _, p := range listPackages(t) {
		folder := filepath.Join(project.Path(t, "."), strings.TrimPrefix(p.ImportPath, module))
		for _, file := range p.GoFiles {
			source, err := os.ReadFile(filepath.Join(folder, file))
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(source), "\nfunc init()") {
				t.Errorf("%s/%s has an init", p.ImportPath, file)
			}
		}
	}
}

func TestTopLevel(t *testing.T) {
	required := []string{
		"cmd", "core", "adapters", "web", "config", "observability", "tests", "docker-compose.yml", "prometheus.yml", "Dockerfile",
		"go.mod", "README.md",
	}
	others := []string{
		".ci", ".dockerignore", ".env.example", ".github", ".gitignore", ".golangci.yml", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
		"Makefile", "SECURITY.md", "deploy", "docs", "go.sum",
	}
	command := exec.Command("git", "ls-tree", "--name-only", "HEAD")
	command.Dir = project.Path(t, ".")
	output, err := command.Output()
	if err != nil {
		t.Fatalf("git ls-tree: %v", err)
	}
	entries := strings.Fields(string(output))
	for _, name := range required {
		if !slices.Contains(entries, name) {
			t.Errorf("%s is missing at the top level", name)
		}
	}
	for _, name := range entries {
		if !slices.Contains(required, name) && !slices.Contains(others, name) {
			t.Errorf("%s stands at the top level: is it needed there?", name)
		}
	}
}

func TestRequiredPackages(t *testing.T) {
	used := make(map[string]bool)
	for _, p := range listPackages(t) {
		for _, path := range p.Imports {
			used[path] = true
		}
	}
	for _, required := range []string{
		"go.opentelemetry.io/otel/exporters/prometheus", "github.com/uptrace/opentelemetry-go-extra/otelsql", "github.com/jackc/pgx/v5",
		"github.com/knadh/koanf/v2", "go.opentelemetry.io/otel/attribute",
	} {
		if !used[required] {
			t.Errorf("%s is not imported by the program", required)
		}
	}
}
