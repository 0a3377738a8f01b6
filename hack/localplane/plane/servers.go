package plane

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Names of the programs of a control plane, which are their file names too.
const (
	etcdName        = "etcd"
	apiserverName   = "kube-apiserver"
	controllersName = "kube-controller-manager"
	kubectlName     = "kubectl"
)

// controllers are the loops that a plane without nodes and pods needs.
var controllers = []string{
	"namespace-controller",                        // deletes what is in a deleted namespace
	"garbage-collector-controller",                // deletes what a deleted owner leaves
	"clusterrole-aggregation-controller",          // fills the roles admin, edit and view
	"serviceaccount-controller",                   // makes the account "default" of a namespace
	"validatingadmissionpolicy-status-controller", // type-checks policies
}

// spec is how one server is started and found ready.
type spec struct {
	name  string
	port  int
	args  []string
	ready func(context.Context, *http.Client) error
}

// specs returns the servers of a plane in the order in which they start. Ports
// are those of etcd's clients, etcd's peers, the API server and the controller
// manager.
func specs(dir string, ports []int, files pki, audit, withControllers bool) []spec {
	list := []spec{
		etcdSpec(dir, ports[0], ports[1], files),
		apiserverSpec(dir, ports[2], ports[0], files, audit),
	}
	if withControllers {
		list = append(list, controllersSpec(dir, ports[3], files))
	}
	return list
}

// portCount is the number of ports that specs wants.
const portCount = 4

// graceOf returns how long the named server may take to stop.
func graceOf(name string) time.Duration {
	switch name {
	case apiserverName:
		return 20 * time.Second // it lets requests end first
	default:
		return 10 * time.Second
	}
}

func etcdSpec(dir string, clientPort, peerPort int, files pki) spec {
	client, peer := "https://"+address(clientPort), "https://"+address(peerPort)
	return spec{
		name: etcdName, port: clientPort,
		args: []string{
			"--name=localplane",
			"--data-dir=" + filepath.Join(dir, dataName),
			"--listen-client-urls=" + client,
			"--advertise-client-urls=" + client,
			"--listen-peer-urls=" + peer,
			"--initial-advertise-peer-urls=" + peer,
			"--initial-cluster=localplane=" + peer,
			"--cert-file=" + files.ServerCert,
			"--key-file=" + files.ServerKey,
			"--client-cert-auth",
			"--trusted-ca-file=" + files.CA,
			"--peer-cert-file=" + files.ServerCert,
			"--peer-key-file=" + files.ServerKey,
			"--peer-client-cert-auth",
			"--peer-trusted-ca-file=" + files.CA,
			"--enable-grpc-gateway=false",
			// The data need not survive a power cut, and a sync to disk per
			// write is the largest part of what a write costs.
			"--unsafe-no-fsync",
			// Each snapshot frees the memory of the log entries before it.
			"--snapshot-count=5000",
			"--quota-backend-bytes=" + strconv.Itoa(4<<30),
			"--log-level=warn",
		},
		ready: func(ctx context.Context, client *http.Client) error {
			body, err := get(ctx, client, clientPort, "/health")
			if err != nil {
				return err
			}
			var health struct{ Health string }
			if err := json.Unmarshal(body, &health); err != nil || health.Health != "true" {
				return fmt.Errorf("health: %s", body)
			}
			return nil
		},
	}
}

func apiserverSpec(dir string, port, etcdPort int, files pki, audit bool) spec {
	args := []string{
		"--bind-address=" + loopback,
		"--secure-port=" + strconv.Itoa(port),
		"--advertise-address=" + loopback,
		// An endpoint may not have a loopback address; nothing uses it here.
		"--endpoint-reconciler-type=none",
		"--etcd-servers=https://" + address(etcdPort),
		"--etcd-cafile=" + files.CA,
		"--etcd-certfile=" + files.AdminCert,
		"--etcd-keyfile=" + files.AdminKey,
		"--cert-dir=" + filepath.Join(dir, pkiName),
		"--tls-cert-file=" + files.ServerCert,
		"--tls-private-key-file=" + files.ServerKey,
		"--client-ca-file=" + files.CA,
		"--authorization-mode=RBAC",
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file=" + files.ServiceAccountKey,
		"--service-account-signing-key-file=" + files.ServiceAccountKey,
		"--service-cluster-ip-range=10.0.0.0/24",
		"--allow-privileged=true",
		// It only concerns pods, and refuses them until their namespace has an
		// account, which no plane without controllers ever makes.
		"--disable-admission-plugins=ServiceAccount",
		// A test that writes as fast as it can is not to be throttled.
		"--enable-priority-and-fairness=false",
		"--max-requests-inflight=4000",
		"--max-mutating-requests-inflight=2000",
		"--profiling=false",
		"--shutdown-delay-duration=0s",
		// With this the server closes open watches 2 s after the last request
		// ended; without it, it waits up to a minute for them.
		"--shutdown-send-retry-after=true",
	}
	if audit {
		args = append(args,
			"--audit-policy-file="+filepath.Join(dir, auditRulesName),
			"--audit-log-path="+filepath.Join(dir, auditLogName),
			// An answer that the client has is a line in the log: tests count.
			"--audit-log-mode=blocking",
		)
	}
	return spec{
		name: apiserverName, port: port, args: args,
		ready: func(ctx context.Context, client *http.Client) error {
			if _, err := get(ctx, client, port, "/readyz"); err != nil {
				return err
			}
			// The server makes it after it says that it is ready.
			_, err := get(ctx, client, port, "/api/v1/namespaces/default")
			return err
		},
	}
}

func controllersSpec(dir string, port int, files pki) spec {
	return spec{
		name: controllersName, port: port,
		args: []string{
			"--bind-address=" + loopback,
			"--secure-port=" + strconv.Itoa(port),
			"--kubeconfig=" + filepath.Join(dir, kubeconfigName),
			"--authentication-kubeconfig=" + filepath.Join(dir, kubeconfigName),
			"--authorization-kubeconfig=" + filepath.Join(dir, kubeconfigName),
			// What it would look up is given here; the rest is not set up.
			"--authentication-skip-lookup=true",
			"--client-ca-file=" + files.CA,
			"--tls-cert-file=" + files.ServerCert,
			"--tls-private-key-file=" + files.ServerKey,
			"--leader-elect=false",
			"--controllers=" + strings.Join(controllers, ","),
			// The default of 20 requests a second makes the deletion of a full
			// namespace take minutes.
			"--kube-api-qps=500",
			"--kube-api-burst=1000",
			"--profiling=false",
		},
		ready: func(ctx context.Context, client *http.Client) error {
			_, err := get(ctx, client, port, "/healthz")
			return err
		},
	}
}

// auditRules is the audit policy of --audit: who did what to which object, once
// per request, without the objects themselves.
const auditRules = `{
  "apiVersion": "audit.k8s.io/v1",
  "kind": "Policy",
  "omitStages": ["RequestReceived"],
  "rules": [{"level": "Metadata"}]
}
`

// get fetches a path from the server at the given port; an answer other than 200
// is an error that holds the end of what the server said.
func get(ctx context.Context, client *http.Client, port int, path string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+address(port)+path, nil)
	if err != nil {
		return nil, err
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s: %s", path, response.Status, failedChecks(string(body)))
	}
	return body, nil
}

// failedChecks returns the lines of a health report that tell of a failure, or
// the report's beginning if it has none.
func failedChecks(report string) string {
	var failed []string
	for line := range strings.Lines(report) {
		if strings.HasPrefix(line, "[-]") {
			failed = append(failed, strings.TrimSpace(line))
		}
	}
	if len(failed) == 0 {
		return shorten(strings.TrimSpace(report))
	}
	return strings.Join(failed, ", ")
}

// shorten cuts a line that is too long for an error message.
func shorten(line string) string {
	const most = 400
	if len(line) <= most {
		return line
	}
	return strings.ToValidUTF8(line[:most], "") + " ..."
}

// tail returns the last n lines of a file, indented, or why there are none.
func tail(path string, n int) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return "    (" + err.Error() + ")"
	}
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	if len(lines) == 1 && lines[0] == "" {
		return "    (the log is empty)"
	}
	lines = lines[max(0, len(lines)-n):]
	for i, line := range lines {
		lines[i] = "    " + shorten(line)
	}
	return strings.Join(lines, "\n")
}
