package gitops

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

const (
	// planeVariable names the kubeconfig of the local control plane; `localplane run` sets it.
	planeVariable = "JOINTPLAN_PLANE_KUBECONFIG"
	// assetsVariable names the folder with kubectl; `localplane run` sets it too.
	assetsVariable = "KUBEBUILDER_ASSETS"
	// samplesClock is the instant at which the samples tell their story.
	samplesClock = "2026-11-03T09:00:00Z"

	argocdNamespace    = "argocd"
	jointplanNamespace = "jointplan-system"
)

// world is all that runs: the API server that localplane has started, Argo CD, the manager, and a git repository.
type world struct {
	root   string // the project's folder
	dir    string // a scratch folder
	theirs string // the folder of Argo CD's module
	plane  *rest.Config
	kube   dynamic.Interface
	repo   *repository

	redis, repoServer *process
	controller, sets  *process // the application controller, the ApplicationSet controller
	manager           *process
	environment       []string // what Argo CD's processes have in their environment
}

// newWorld starts everything. It returns what it has got as far as it came, to be stopped.
func newWorld() (*world, error) {
	w := &world{}
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"look for what is needed", w.prepare},
		{"connect to the control plane", w.connect},
		{"install the operator's roles and policies", w.installOperator},
		{"install Argo CD", w.installArgoCD},
		{"fill the git repository", w.fillRepository},
		// Before the controllers, so that they find all of it at once. In use they would find it within minutes.
		{"let the samples' days be past", w.letDaysBePast},
		{"create the Applications", w.createApplications},
		{"start redis", w.startRedis},
		{"start the repository server", w.startRepoServer},
		{"start the application controller", w.startController},
		{"start the ApplicationSet controller", w.startSets},
		{"restore a plan", w.restorePlan},
		// Money that does not suffice for all goes to who comes first. So the manager comes when all is there, and the story is always the same.
		{"deliver the samples", w.awaitDelivered},
		{"let no other day be past", w.letNoDayBePast},
		{"start the manager", func() error { return w.startManager(samplesClock) }},
	} {
		begun := time.Now()
		if err := step.do(); err != nil {
			return w, fmt.Errorf("%s: %w", step.what, err)
		}
		fmt.Fprintf(os.Stdout, "%s: %.1fs\n", step.what, time.Since(begun).Seconds())
	}
	return w, nil
}

// stop ends everything and reports what did not end well.
func (w *world) stop() error {
	var failed []error
	for _, p := range []*process{w.manager, w.sets, w.controller, w.repoServer, w.redis} {
		if p != nil {
			failed = append(failed, p.stop())
		}
	}
	if w.dir != "" && os.Getenv("KEEP") == "" {
		failed = append(failed, os.RemoveAll(w.dir))
	}
	return errors.Join(failed...)
}

// prepare looks for the programs that are run.
func (w *world) prepare() error {
	var err error
	if w.root, err = filepath.Abs("../.."); err != nil {
		return err
	}
	for program, remedy := range map[string]string{
		*managerBinary:            "run `make build`",
		w.binary("argocd/argocd"): "run `test/gitops/build.sh`",
		"redis-server":            "install it: on Debian and Ubuntu `apt-get install redis-server`",
		"git":                     "install it",
	} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is missing: %s", program, remedy)
		}
	}
	// A socket lies in it, whose path may have a hundred letters.
	if w.dir, err = os.MkdirTemp("", "gitops-"); err != nil {
		return err
	}
	out, err := exec.CommandContext(context.Background(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-cd/v3").Output()
	w.theirs = strings.TrimSpace(string(out))
	return err
}

func (w *world) binary(name string) string { return filepath.Join(w.root, "bin", name) }

// connect makes a client with the rights of an administrator.
func (w *world) connect() error {
	path := os.Getenv(planeVariable)
	if path == "" {
		return fmt.Errorf("%s is not set: run these tests with `make test-gitops`", planeVariable)
	}
	var err error
	if w.plane, err = clientcmd.BuildConfigFromFlags("", path); err != nil {
		return err
	}
	w.plane.QPS = -1
	w.kube, err = dynamic.NewForConfig(w.plane)
	return err
}

// kubectl runs kubectl as an administrator.
func (w *world) kubectl(stdin string, args ...string) (string, error) {
	command := exec.CommandContext(context.Background(), filepath.Join(os.Getenv(assetsVariable), "kubectl"),
		append([]string{"--kubeconfig", os.Getenv(planeVariable)}, args...)...)
	command.Dir = w.root
	command.Stdin = strings.NewReader(stdin)
	out, err := command.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("kubectl %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out)), nil
}

// kubeconfigOf writes a kubeconfig that holds nothing but a token of a service account.
func (w *world) kubeconfigOf(namespace, account string) (string, error) {
	token, err := w.kubectl("", "create", "token", account, "--namespace", namespace, "--duration", "24h")
	if err != nil {
		return "", err
	}
	config := clientcmdapi.NewConfig()
	config.Clusters["plane"] = &clientcmdapi.Cluster{
		Server: w.plane.Host, CertificateAuthority: w.plane.CAFile, CertificateAuthorityData: w.plane.CAData,
	}
	config.AuthInfos[account] = &clientcmdapi.AuthInfo{Token: token}
	config.Contexts["plane"] = &clientcmdapi.Context{Cluster: "plane", AuthInfo: account, Namespace: namespace}
	config.CurrentContext = "plane"
	path := filepath.Join(w.dir, account+".kubeconfig")
	return path, clientcmd.WriteToFile(*config, path)
}

// startRedis starts the cache that Argo CD's parts share.
func (w *world) startRedis() error {
	address, port, err := freeAddress()
	if err != nil {
		return err
	}
	w.redis, err = start(w.dir, "redis", nil, "redis-server", "--bind", "127.0.0.1", "--port", port, "--dir", w.dir, "--save", "", "--appendonly", "no")
	if err != nil {
		return err
	}
	w.environment = append(w.environment, "REDIS_SERVER="+address)
	return w.redis.awaitAnswer(address)
}

// startRepoServer starts the part of Argo CD that reads the repository.
func (w *world) startRepoServer() error {
	address, port, err := freeAddress()
	if err != nil {
		return err
	}
	scripts, home := filepath.Join(w.dir, "scripts"), filepath.Join(w.dir, "home")
	if err := os.MkdirAll(home, 0o700); err != nil {
		return err
	}
	if err := os.MkdirAll(scripts, 0o700); err != nil {
		return err
	}
	if err := os.Symlink(w.binary("argocd/argocd"), filepath.Join(scripts, "kustomize")); err != nil {
		return err
	}
	// It asks this script about each commit's signature.
	const script = "git-verify-wrapper.sh"
	raw, err := os.ReadFile(filepath.Join(w.theirs, "hack", script))
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(scripts, script), raw); err != nil {
		return err
	}
	if err := os.Chmod(filepath.Join(scripts, script), 0o700); err != nil {
		return err
	}
	environment := append([]string{
		"PATH=" + scripts + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + home, "TMPDIR=" + home,
		"ARGOCD_ASK_PASS_SOCK=" + filepath.Join(home, "ask"), "ARGOCD_GPG_ENABLED=false",
	}, w.environment...)
	w.repoServer, err = w.startPart("argocd-repo-server", environment,
		"--address", "127.0.0.1", "--port", port, "--metrics-address", "127.0.0.1", "--metrics-port", "0", "--disable-tls", "--client-ca-path=")
	if err != nil {
		return err
	}
	w.environment = append(w.environment,
		"ARGOCD_APPLICATION_CONTROLLER_REPO_SERVER="+address, "ARGOCD_APPLICATIONSET_CONTROLLER_REPO_SERVER="+address)
	return w.repoServer.awaitAnswer(address)
}

// startController starts the part of Argo CD that compares and applies. It keeps each object's health in the Application, where the tests see
// it. It compares everything every half minute, as an Argo CD in use does every three minutes, besides what it has a reason to compare.
func (w *world) startController() error {
	kubeconfig, err := w.kubeconfigOf(argocdNamespace, "argocd-application-controller")
	if err != nil {
		return err
	}
	// The cluster that Argo CD takes for its own is the plane, as if it ran in it.
	environment := append([]string{"KUBECONFIG=" + kubeconfig, "ARGOCD_FAKE_IN_CLUSTER=true"}, w.environment...)
	w.controller, err = w.startPart("argocd-application-controller", environment,
		"--repo-server-plaintext", "--app-resync", "30", "--app-resync-jitter", "0", "--persist-resource-health", "--metrics-port", "0")
	return err
}

// startSets starts the part of Argo CD that makes an Application for each partner.
func (w *world) startSets() error {
	kubeconfig, err := w.kubeconfigOf(argocdNamespace, "argocd-applicationset-controller")
	if err != nil {
		return err
	}
	environment := append([]string{"KUBECONFIG=" + kubeconfig, "ARGOCD_FAKE_IN_CLUSTER=true"}, w.environment...)
	w.sets, err = w.startPart("argocd-applicationset-controller", environment, "--repo-server-plaintext", "--namespace", argocdNamespace,
		"--metrics-addr", "0", "--probe-addr", "0", "--webhook-addr", "127.0.0.1:0")
	return err
}

// startPart starts a part of Argo CD: the one binary, under the part's name.
func (w *world) startPart(name string, environment []string, args ...string) (*process, error) {
	link := filepath.Join(w.dir, name)
	if err := os.Symlink(w.binary("argocd/argocd"), link); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	return start(w.dir, name, environment, link, append(args, "--logformat", "text")...)
}

// startManager starts the operator as its own service account, with its clock at an instant.
func (w *world) startManager(clock string) error {
	kubeconfig, err := w.kubeconfigOf(jointplanNamespace, "jointplan-manager")
	if err != nil {
		return err
	}
	probes, _, err := freeAddress()
	if err != nil {
		return err
	}
	w.manager, err = start(w.dir, "manager", nil, *managerBinary,
		"--kubeconfig", kubeconfig, "--clock-start", clock, "--health-probe-bind-address", probes, "--metrics-bind-address", "127.0.0.1:0")
	if err != nil {
		return err
	}
	return w.manager.awaitAnswer(probes)
}

// restartManager restarts the operator with its clock at another instant, as an administrator does who ends a rehearsal on purpose.
func (w *world) restartManager(clock string) error {
	if err := w.manager.stop(); err != nil {
		return err
	}
	if _, err := w.kubectl("", "-n", jointplanNamespace, "delete", "lease", "manager.channel.jointplan.dev"); err != nil {
		return err
	}
	return w.startManager(clock)
}
