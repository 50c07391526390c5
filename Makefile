# What one does with the expense tracker. `make` lists it.

GOLANGCI_LINT = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
ACTIONLINT    = github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

# These tests of the whole measure, and keep the machine busy by themselves: no other package runs beside one of them. Those that time
# answers or ask every page in turn run without the race detector, which all others have.
ALONE = faults
TIMED = bounds|browser|program

# axe-core, which the browser tests ask: installed by npm when its lock file has changed since, and never committed.
AXE = tests/browser/node_modules/.package-lock.json

comma := ,

VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
REVISION ?= $(shell git rev-parse HEAD 2>/dev/null || echo unknown)
LDFLAGS   = -X main.version=$(VERSION) -X main.revision=$(REVISION)
export VERSION REVISION

.DEFAULT_GOAL := help
.PHONY: help run demo build test axe screenshots lint compose-test bench chaos drill drill-restore drill-failover deploy generate clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## serve http://127.0.0.1:5000 on an SQLite file in your data folder
	go run -ldflags "$(LDFLAGS)" ./cmd/expense-tracker

demo: ## the same with a year of sample data, kept in memory
	go run -ldflags "$(LDFLAGS)" ./cmd/expense-tracker --demo

build: ## build bin/expense-tracker, static and stamped
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w $(LDFLAGS)" -o bin/expense-tracker ./cmd/expense-tracker

test: ## bring what the tests need, then run all of them
	@bash .ci/install
	@$(MAKE) -s --no-print-directory axe
	go vet ./...
	@unformatted=$$(gofmt -l .) && test -z "$$unformatted" || { echo "gofmt these files: $$unformatted"; exit 1; }
	@failed=; \
	go test -race -timeout 40m $$(go list ./... | grep -vE '/tests/($(ALONE)|$(TIMED))$$') || failed=yes; \
	go test -timeout 40m -p 1 $$(go list ./... | grep -E '/tests/($(TIMED))$$') || failed=yes; \
	go test -race -timeout 40m -p 1 $$(go list ./... | grep -E '/tests/($(ALONE))$$') || failed=yes; \
	test -z "$$failed"

axe: $(AXE) ## install axe-core, at the pinned version, for the browser tests

$(AXE): tests/browser/package-lock.json
	npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund
	@touch $@

screenshots: ## photograph every page in every state, in screenshots/ (STATES=demo,added for some)
	@bash .ci/install fonts
	@$(MAKE) -s --no-print-directory axe
	rm -rf screenshots
	FONTCONFIG_FILE="$(CURDIR)/tests/browser/testdata/fonts.conf" go test ./tests/browser -count 1 -timeout 25m \
		-run '^TestEveryPageIsFitToBeSeenAndHeard$$/^($(subst $(comma),|,$(or $(STATES),.*)))$$' -args -screenshots "$(CURDIR)/screenshots"
	@ls screenshots/*.png >/dev/null

lint: ## golangci-lint and actionlint, at pinned versions
	go run $(GOLANGCI_LINT) run ./...
	go run $(ACTIONLINT)

compose-test: ## start docker-compose.yml and follow an expense from the form to psql and Prometheus
	@bash .ci/compose-test

bench: ## measure the program beside the machine's own limits, on throwaway databases
	go run ./cmd/bench

chaos: ## try the program with 1,000 faults under load, and compare what it acknowledged with what it stored
	go run ./cmd/chaos $(CHAOS)

drill-failover: ## let each part of the highly available set-up fail under load, and print how long nothing was stored (as root)
	go run ./cmd/chaos failover $(DRILL)

deploy: ## build the images, and replace the instances that run one after the other, without one request failing
	docker compose build
	bash deploy/roll
	docker compose up --detach --no-deps --no-build probe backups

drill-restore: ## lose the database's volume under load at a million expenses, restore it in three ways, and count what is lost
	@bash .ci/install
	go run ./cmd/drill-restore $(DRILL)

drill: ## provoke every alert for real, and require that somebody is told (as root: it mounts small disks)
	go run ./cmd/drill $(DRILL)

generate: ## write the generated files and sections (golden files, config.example.yaml, README) again
	go test ./config -run . -count 1 -update
	go test ./observability/objectives -count 1 -update
	go test ./observability/grafana/boards -count 1 -update
	go test ./tests/docs -run Readme -count 1 -update-readme
	go test ./tests/deployment -run ClustersRules -count 1 -update-rules

clean: ## remove what was built
	rm -rf bin screenshots tests/browser/node_modules
