# Nothing but Go, make and git is needed, but for test-data, which needs servers. `make help` lists the targets.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The instant at which the samples tell their story.
SAMPLES_CLOCK := 2026-11-03T09:00:00Z

# The manager's image in dist/install.yaml.
IMAGE ?= jointplan-manager:latest

LOCALPLANE := bin/localplane/localplane
LDFLAGS    := -s -w
GENERATED  := api config/crd/bases config/imports/bases config/grafana config/rbac/role.yaml docs/findings.md docs/reference docs/metrics.md charts/jointplan \
  config/argocd schemas internal/fiscal/zoneinfo.zip internal/offline/lint/rules.json

##@ Use

.PHONY: run
run: build bin-demo plane ## Run the operator with the samples on a local control plane, until Ctrl-C.
	@exec bin/demo --clock-start $(SAMPLES_CLOCK) --stay

.PHONY: demo
demo: build bin-demo plane ## The same without staying: succeeds only if everything was evaluated.
	@exec bin/demo --clock-start $(SAMPLES_CLOCK)

.PHONY: build
build: ## Build bin/manager and bin/kubectl-jointplan.
	@mkdir -p bin
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./cmd/manager ./cmd/kubectl-jointplan
	@install -m 755 cmd/kubectl-jointplan/kubectl_complete-jointplan bin/

.PHONY: bin-demo
bin-demo:
	@CGO_ENABLED=0 go build -trimpath -o bin/demo ./hack/demo

.PHONY: plane
plane: ## Build the local control plane, if it is not built.
	@hack/localplane/build.sh

.PHONY: install
install: ## Install the kinds into the cluster of the current kubeconfig.
	kubectl apply --server-side -k config/crd

.PHONY: deploy
deploy: dist ## Install kinds, roles, policies and manager, with IMAGE, into the cluster of the current kubeconfig.
	kubectl apply --server-side -f dist/install.yaml

.PHONY: undeploy
undeploy: ## Remove the manager, the roles and the kinds, and with the kinds all objects.
	kubectl delete --ignore-not-found -k config/default

.PHONY: dist
dist: ## Write all that a cluster needs into dist/install.yaml, and the schemas for editors into dist/schemas. IMAGE=registry.example.com/jointplan-manager:TAG sets the image.
	go run ./hack/gen-dist -image '$(IMAGE)' -out dist/install.yaml

.PHONY: chart
chart: ## Pack the Helm chart into dist/, with what Artifact Hub reads beside it.
	@hack/tools/build.sh helm
	bin/tools/helm package --destination dist charts/jointplan
	@install -m 644 charts/artifacthub-repo.yml dist/

##@ Change

.PHONY: generate
generate: ## Generate deep copies, kinds, roles, findings, messages, the API reference, schemas for editors, the dashboard, the samples with history and the chart; copy Go's time zones.
	@hack/tools/build.sh controller-gen
	bin/tools/controller-gen object paths=./api/...
	bin/tools/controller-gen crd:crdVersions=v1,maxDescLen=2000 paths=./api/v1alpha1 output:crd:dir=config/crd/bases
	bin/tools/controller-gen crd:crdVersions=v1,maxDescLen=2000 paths=./api/imports/... output:crd:dir=config/imports/bases
	bin/tools/controller-gen rbac:roleName=jointplan-manager paths=./controllers/... output:rbac:dir=config/rbac
	go run ./hack/gen-findings
	go run ./hack/gen-messages
	go run ./hack/gen-reference
	go run ./hack/gen-schemas
	go run ./hack/gen-metrics
	go run ./hack/gen-history
	go run ./hack/gen-argocd
	go run ./hack/gen-chart
	cp "$$(go env GOROOT)/lib/time/zoneinfo.zip" internal/fiscal/zoneinfo.zip

.PHONY: fmt
fmt: ## Format the code.
	@hack/tools/build.sh golangci-lint
	bin/tools/golangci-lint fmt

.PHONY: lint
lint: ## Run the linters.
	@hack/tools/build.sh golangci-lint
	bin/tools/golangci-lint run

.PHONY: words
words: ## Check the words of messages, comments and pages, by hack/words.
	@hack/tools/build.sh vale
	hack/words/check.sh

.PHONY: verify
verify: ## Check that what is generated is up to date, the linters are content and the kinds are within their limits.
	hack/verify/generated.sh $(GENERATED) -- $(MAKE) --no-print-directory generate
	go mod tidy -diff
	go vet ./...
	@$(MAKE) --no-print-directory lint words
	go test ./test/crd

# The steps of make test, in order. The first ones need no control plane, so that a mistake shows in minutes.
TESTS := test-unit test-sim test-race plane test-plane test-access test-money test-chart test-data test-flux test-tour

.PHONY: test
test: ## Run all tests: first those that need no control plane, then those against a real API server.
	@n=0; for step in $(TESTS); do n=$$((n + 1)); \
	  echo "== $$n of $(words $(TESTS)): $$step, $$(awk -F ':.*## ' -v s="$$step" '$$1 == s {print $$2}' $(MAKEFILE_LIST))"; \
	  $(MAKE) --no-print-directory $$step; done

# What needs a control plane, and what one of its own: managers of other tests look after all that is unmarked, and some of money's after all that is
# there.
PLANE_TESTS := alerts|api|e2e|plane|plugin
OWN_PLANE   := access|chart|data|money|tour

.PHONY: test-unit
test-unit: ## Unit tests, and those of files. Without a control plane.
	go test -timeout 25m ./internal/... ./cmd/... ./controllers/... ./hack/... ./api/... $$(go list ./test/... | grep -vE '/test/($(PLANE_TESTS)|$(OWN_PLANE)|sim)(/|$$)')

.PHONY: test-sim
test-sim: ## A simulator of people, managers and a store that lets money go wrong if it can. Without a control plane.
	go test -timeout 30m ./test/sim

.PHONY: test-race
test-race: ## The unit tests with the race detector. Without a control plane.
	go test -race -short -timeout 20m ./internal/... ./controllers/... ./cmd/... ./hack/... ./api/...
	cd hack/localplane && go test ./plane/...

.PHONY: test-plane
test-plane: plane ## Kinds, manager, plugin and docs against a real API server.
	@hack/tools/build.sh promtool
	$(LOCALPLANE) run --audit --crds config/crd/bases -- go test -count=1 $$(go list ./test/... | grep -E '/test/($(PLANE_TESTS))$$')

.PHONY: test-access
test-access: plane ## Who may do what: every role, kind and verb.
	$(LOCALPLANE) run --audit --crds config/crd/bases -- go test -count=1 ./test/access

.PHONY: test-money
test-money: plane ## Money against a real API server: crashes, lost answers, two managers.
	$(LOCALPLANE) run --audit --crds config/crd/bases -- go test -count=1 -timeout 20m ./test/money

.PHONY: test-chart
test-chart: plane ## The Helm chart. It installs the kinds itself.
	@hack/tools/build.sh helm
	$(LOCALPLANE) run -- go test -count=1 ./test/chart

.PHONY: test-data
test-data: plane ## The servers that keep what the operator tells: a Prometheus that scrapes it, a PostgreSQL. Needs them; as root on Debian it installs them.
	@hack/data/packages.sh
	$(LOCALPLANE) run --audit --crds config/crd/bases -- go test -count=1 -timeout 20m ./test/data/...

.PHONY: test-flux
test-flux: plane ## Delivery with Flux's libraries, which are no part of the operator's module.
	cd test/flux && ../../$(LOCALPLANE) run --audit --crds ../../config/crd/bases -- go test -count=1 ./...

.PHONY: test-tour
test-tour: build plane ## Every command of the docs, on planes of its own.
	go test -count=1 -timeout 25m ./test/tour

.PHONY: test-gitops
test-gitops: build plane ## Deliver the samples with a real Argo CD: about 10 minutes, and as long to build it once. Needs redis-server.
	@test/gitops/build.sh
	GOWORK=off CGO_ENABLED=0 GOFLAGS="-mod=readonly -buildvcs=false -trimpath" $(LOCALPLANE) run --audit --crds config/crd/bases -- \
	  go -C test/gitops test -count=1 -timeout 40m $(GITOPS) .

.PHONY: bench
bench: build plane ## Measure against what the API server can do: about 15 minutes on 2 cores. BENCH="-only cold -n 500" for a part.
	go run ./test/bench -docs $(BENCH)

.PHONY: bench-large
bench-large: build plane ## The same with up to 100,000 objects: takes hours.
	go run ./test/bench -large -docs -out test/bench/large.json $(BENCH)

.PHONY: torture
torture: build plane ## Kill, starve and turn back the servers under load, and look at what is left: about 10 minutes. TORTURE="-only noisy" for a leg.
	go run ./test/torture $(TORTURE)

.PHONY: clean
clean: ## Remove what was built, and the data of local control planes.
	-@[ -x $(LOCALPLANE) ] && $(LOCALPLANE) clean --dir .localplane/demo
	rm -rf bin dist .localplane

.PHONY: help
help:
	@awk 'BEGIN {FS = ":.*##"} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-zA-Z_\/.-]+:.*##/ {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
