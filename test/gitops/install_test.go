package gitops

import (
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

// installOperator installs what the operator needs besides its kinds, which the plane has already.
func (w *world) installOperator() error {
	for _, folder := range []string{"config/rbac", "config/policy"} {
		if _, err := w.kubectl("", "apply", "--server-side", "-k", folder); err != nil {
			return err
		}
	}
	return nil
}

// installArgoCD installs Argo CD as its release does, but for what needs nodes: its parts run beside the tests.
func (w *world) installArgoCD() error {
	raw, err := os.ReadFile(filepath.Join(w.theirs, "manifests", "install.yaml"))
	if err != nil {
		return err
	}
	var kept []string
	for _, document := range documents(raw) {
		var head struct {
			Kind string `json:"kind"`
		}
		if err := yaml.Unmarshal([]byte(document), &head); err != nil {
			return err
		}
		switch head.Kind {
		case "Deployment", "StatefulSet", "Service", "NetworkPolicy":
		default:
			kept = append(kept, document)
		}
	}
	for _, step := range []struct {
		stdin string
		args  []string
	}{
		{"", []string{"create", "namespace", argocdNamespace}},
		{strings.Join(kept, "\n---\n"), []string{"apply", "--server-side", "--namespace", argocdNamespace, "-f", "-"}},
		// Argo CD's server, which does not run here, writes it at its first start; without it no change of a setting is noticed.
		{"", []string{"patch", "secret", "argocd-secret", "--namespace", argocdNamespace, "--patch", `{"stringData":{"server.secretkey":"none"}}`}},
	} {
		if _, err := w.kubectl(step.stdin, step.args...); err != nil {
			return err
		}
	}
	// The command fails on a kind so new that it has no status yet.
	return eventually(func() error {
		_, err := w.kubectl("", "wait", "--for=condition=Established", "--timeout=60s",
			"crd/applications.argoproj.io", "crd/applicationsets.argoproj.io", "crd/appprojects.argoproj.io")
		return err
	})
}
