package plane

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// realAssets returns the folder with real programs, or skips the test.
func realAssets(t *testing.T) string {
	t.Helper()
	dir := os.Getenv(assetsVariable)
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "bin", "localplane")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	if checkAssets(dir) != nil {
		t.Skipf("no programs in %s: build them with hack/localplane/build.sh, or set %s", dir, assetsVariable)
	}
	return dir
}

func TestARealControlPlane(t *testing.T) {
	cfg := Config{Dir: t.TempDir(), Assets: realAssets(t), Audit: true, Progress: os.Stderr}
	p, err := Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop(context.WithoutCancel(t.Context()))
	t.Logf("Kubernetes %s is ready after %v", p.version(t.Context()), p.Took)
	running := readState(t, cfg.Dir)

	kubectl := func(args ...string) (string, error) {
		program := filepath.Join(cfg.Assets, kubectlName)
		if !isProgram(program) {
			program = kubectlName
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		out, err := exec.CommandContext(ctx, program, append([]string{"--kubeconfig", p.Kubeconfig()}, args...)...).CombinedOutput()
		return string(out), err
	}
	must := func(args ...string) string {
		t.Helper()
		out, err := kubectl(args...)
		if err != nil {
			t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return out
	}

	if out := must("get", "ns", "-o", "name"); !strings.Contains(out, "namespace/default") {
		t.Errorf("no default namespace:\n%s", out)
	}
	if out := must("config", "current-context"); strings.TrimSpace(out) != contextName {
		t.Errorf("the context is %q", out)
	}
	must("create", "namespace", "short-lived")
	must("create", "configmap", "in-it", "-n", "short-lived")
	if p.Controllers() {
		must("delete", "namespace", "short-lived", "--timeout=45s") // waits until it is gone
		if out, err := kubectl("get", "configmap", "-n", "short-lived", "-o", "name"); err != nil || out != "" {
			t.Errorf("left in the deleted namespace: %q (%v)", out, err)
		}
	}
	audit, err := os.ReadFile(filepath.Join(cfg.Dir, auditLogName))
	if err != nil {
		t.Fatal(err)
	}
	if want := `"requestURI":"/api/v1/namespaces/short-lived/configmaps`; !strings.Contains(string(audit), want) {
		t.Errorf("the audit log does not tell of the config map")
	}

	if err := p.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	assertGone(t, running)
	if found := strays(cfg.Dir); len(found) > 0 {
		t.Errorf("left running: %v", found)
	}
	if err := p.Stop(t.Context()); err != nil {
		t.Errorf("a second stop: %v", err)
	}
}
