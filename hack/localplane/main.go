// Command controlplane is a Kubernetes control plane in one binary: called as
// etcd, kube-apiserver, kube-controller-manager or kubectl it is that program.
//
// One binary instead of four, because the four share most of their code: linked
// once, it takes a third of the disk and of the link time. The launcher that
// starts and stops these programs is not in here but in cmd/localplane: it needs
// the standard library only, so it is built in seconds and serves ready-made
// binaries as well.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	_ "time/tzdata" // the API server checks time zones, also where the machine has none

	"go.etcd.io/etcd/server/v3/etcdmain"
	_ "k8s.io/client-go/plugin/pkg/client/auth" // kubectl's credential plugins
	"k8s.io/component-base/cli"
	"k8s.io/component-base/logs"
	_ "k8s.io/component-base/logs/json/register"          // --logging-format=json
	_ "k8s.io/component-base/metrics/prometheus/clientgo" // client metrics of the servers
	_ "k8s.io/component-base/metrics/prometheus/version"  // the kubernetes_build_info metric
	"k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

func main() {
	switch name := filepath.Base(os.Args[0]); name {
	case "etcd":
		etcdmain.Main(os.Args)
	case "kube-apiserver":
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	case "kube-controller-manager":
		os.Exit(cli.Run(controllermanager.NewControllerManagerCommand()))
	case "kubectl":
		kubectl()
	default:
		fmt.Fprintf(os.Stderr, "%s: call this binary by one of its names: etcd, kube-apiserver, kube-controller-manager, kubectl (links to it lie in the same folder)\n", name)
		os.Exit(2)
	}
}

// kubectl does what kubectl's own main function does: verbosity is read first,
// because plugins and the kuberc file are handled while the command is built.
func kubectl() {
	logs.GlogSetter(cmd.GetLogVerbosity(os.Args)) //nolint:errcheck // as kubectl does: the flag parser reports a bad value
	if err := cli.RunNoErrOutput(cmd.NewDefaultKubectlCommand()); err != nil {
		util.CheckErr(err)
	}
}
