# Nothing but Go, make and git is needed. `make help` lists the targets.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The instant at which the samples tell their story.
SAMPLES_CLOCK := 2026-11-03T09:00:00Z

LOCALPLANE := bin/localplane/localplane
KUBECTL    ?= $(if $(KUBEBUILDER_ASSETS),$(KUBEBUILDER_ASSETS)/kubectl,bin/localplane/kubectl)
LDFLAGS    := -s -w
GENERATED  := api/v1alpha1 config/crd/bases config/rbac/role.yaml docs/findings.md

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
deploy: ## Install kinds, roles and manager into the cluster of the current kubeconfig.
	kubectl apply --server-side -k config/default

.PHONY: undeploy
undeploy: ## Remove the manager, the roles and the kinds, and with the kinds all objects.
	kubectl delete --ignore-not-found -k config/default

dist/install.yaml: $(shell find config/crd config/rbac config/manager config/default -type f)
	@hack/localplane/build.sh
	@mkdir -p dist
	$(KUBECTL) kustomize config/default > $@

.PHONY: dist
dist: dist/install.yaml ## Write all that a cluster needs into dist/install.yaml.

##@ Change

.PHONY: generate
generate: ## Generate deep copies, kinds, roles and the list of findings.
	@hack/tools/build.sh controller-gen
	bin/tools/controller-gen object paths=./api/... \
	  crd:crdVersions=v1,maxDescLen=2000 output:crd:dir=config/crd/bases
	bin/tools/controller-gen rbac:roleName=jointplan-manager paths=./controllers/... output:rbac:dir=config/rbac
	go run ./hack/gen-findings

.PHONY: fmt
fmt: ## Format the code.
	@hack/tools/build.sh golangci-lint
	bin/tools/golangci-lint fmt

.PHONY: lint
lint: ## Run the linters.
	@hack/tools/build.sh golangci-lint
	bin/tools/golangci-lint run

.PHONY: verify
verify: ## Check that what is generated is up to date, the linters are content and the kinds are within their limits.
	hack/verify/generated.sh $(GENERATED) -- $(MAKE) --no-print-directory generate
	go mod tidy -diff
	go vet ./...
	@$(MAKE) --no-print-directory lint
	go test ./test/crd

.PHONY: test
test: plane ## Run all tests.
	go test ./internal/... ./cmd/...
	go test -race -short ./internal/... ./controllers/... ./cmd/... ./hack/... ./api/...
	go test -run TestSim ./controllers
	cd hack/localplane && go test ./plane/...
	$(LOCALPLANE) run --audit --crds config/crd/bases -- go test -count=1 $$(go list ./test/... | grep -vE '/test/(access|money)$$')
	@# On planes of their own: managers of other tests look after all that is unmarked, and some of money's after all that is there.
	$(LOCALPLANE) run --audit --crds config/crd/bases -- go test -count=1 ./test/access
	$(LOCALPLANE) run --audit --crds config/crd/bases -- go test -count=1 ./test/money

.PHONY: test-unit
test-unit: ## Run the tests that need no control plane.
	go test ./internal/... ./controllers/... ./cmd/...

.PHONY: bench
bench: build plane ## Measure against what the API server can do: about 15 minutes on 2 cores. BENCH="-only cold -n 500" for a part.
	go run ./test/bench -docs $(BENCH)

.PHONY: bench-large
bench-large: build plane ## The same with up to 100,000 objects: takes hours.
	go run ./test/bench -large -docs -out test/bench/large.json $(BENCH)

.PHONY: clean
clean: ## Remove what was built, and the data of local control planes.
	-@[ -x $(LOCALPLANE) ] && $(LOCALPLANE) clean --dir .localplane/demo
	rm -rf bin dist .localplane

.PHONY: help
help:
	@awk 'BEGIN {FS = ":.*##"} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-zA-Z_\/.-]+:.*##/ {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
