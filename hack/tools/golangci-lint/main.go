/*
Copyright 2026 The JointPlan Authors.

Licensed under the Apache License, Version 2.0 (the "License");
you may not use this file except in compliance with the License.
You may obtain a copy of the License at

    http://www.apache.org/licenses/LICENSE-2.0

Unless required by applicable law or agreed to in writing, software
distributed under the License is distributed on an "AS IS" BASIS,
WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
See the License for the specific language governing permissions and
limitations under the License.
*/

// Command golangci-lint is golangci-lint with the kube-api-linter plugin
// compiled in. It is what `golangci-lint custom` generates, but its versions
// are pinned by this module's go.mod, and nothing is cloned to build it.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"

	// Registers the linter "kubeapilinter", which .golangci.yml turns on for api/.
	_ "sigs.k8s.io/kube-api-linter"
)

// The modules whose versions make up this binary's version.
const (
	linterModule = "github.com/golangci/golangci-lint/v2"
	pluginModule = "sigs.k8s.io/kube-api-linter"
)

func main() {
	if err := commands.Execute(buildInfo()); err != nil {
		fmt.Fprintf(os.Stderr, "golangci-lint: %v\n", err)
		os.Exit(exitcodes.Failure)
	}
}

// buildInfo names the versions of golangci-lint and of the plugin, which this
// module pins, instead of this module's own, which has none. The plugin's must
// be part of Version: golangci-lint keys its cache of results by that text, and
// a new plugin must not be answered from an old cache.
func buildInfo() commands.BuildInfo {
	info := commands.BuildInfo{Version: "unknown", GoVersion: "unknown", Commit: "hack/tools", Date: "(unknown)"}

	build, ok := debug.ReadBuildInfo()
	if !ok {
		return info
	}

	versions := make(map[string]string, len(build.Deps))
	for _, dep := range build.Deps {
		versions[dep.Path] = dep.Version
	}

	info.GoVersion = build.GoVersion
	info.Version = strings.TrimPrefix(versions[linterModule], "v") + "+kube-api-linter." + versions[pluginModule]

	return info
}
