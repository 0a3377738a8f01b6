package plugin

import (
	"path/filepath"
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
)

// TestFormsInTheCluster makes a form with the rights of a partner, who may read no program, and reads it with the same.
func TestFormsInTheCluster(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, user := range []string{"paul", "dora"} {
		reads := &rbacv1.ClusterRoleBinding{
			RoleRef:  rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "jointplan-catalog-reader"},
			Subjects: []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: "User", Name: user}},
		}
		reads.Name = "catalog-" + user + "-" + o.namespace
		o.create(reads)
	}
	file := filepath.Join(t.TempDir(), "h1.xlsx")
	o.expect(o.as("paul", "form", "plan", "--from", "h1", "--out", file), 0, file+": a form for a plan of partner ", " is written\n")
	o.expect(o.as("paul", "import", "plan", file, "--cluster"), 0, "# From h1.xlsx, sha256 ", "kind: JointPlan\n", "name: h1\n")
	request := filepath.Join(t.TempDir(), "request.xlsx")
	o.expect(o.as("paul", "form", "request", "--from", "launch", "--out", request), 0, " is written\n")
	got := o.as("dora", "import", "request", request, "--cluster", "--sender", "pat@acme.example", "--received", "2026-08-01")
	if got.code != 1 || !strings.Contains(got.errors, "it was sent by pat@acme.example") {
		t.Errorf("%+v", got)
	}
	got = o.as("dora", "import", "request", request, "--cluster", "--sender", "paul", "--received", "2026-08-01")
	if got.code != 0 || !strings.Contains(got.out, "recordedBy: dora\n") || !strings.Contains(got.out, "receivedOn: \"2026-08-01\"\n") {
		t.Errorf("%+v", got)
	}
}
