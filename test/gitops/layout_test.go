package gitops

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/common"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// exampleURL is the repository that the project's example names.
const exampleURL = "https://git.example.com/channel/plans.git"

// programApplication delivers what the vendor writes: programs, budgets and partners.
const programApplication = "jointplan-program"

// partners are the partners of the samples.
var partners = []string{"acme", "brightpath", "corvid", "finch", "helix", "lyra", "orbit"}

// The Applications of a partner: what it writes, what was decided, and the accounts in whose names both are delivered.
func partnerApplication(partner string) string  { return "partner-" + partner }
func decisionApplication(partner string) string { return "approvals-" + partner }
func accountApplication(partner string) string  { return "identities-" + partner }

// partnerFile returns the path of a file that a partner writes.
func partnerFile(partner, name string) string { return "partners/" + partner + "/" + name }

// decisionFile returns the path of the decisions on a partner's plans and money.
func decisionFile(partner string) string { return partnerFile(partner, "approvals.yaml") }

// applications returns the names of all Applications, in the order in which they can be delivered.
func applications() []string {
	names := []string{programApplication}
	for _, of := range []func(string) string{accountApplication, partnerApplication, decisionApplication} {
		for _, partner := range partners {
			names = append(names, of(partner))
		}
	}
	return names
}

// fillRepository creates the git repository as the guide tells its readers.
func (w *world) fillRepository() error {
	var err error
	if w.repo, err = newRepository(filepath.Join(w.dir, "repository")); err != nil {
		return err
	}
	for _, folder := range []string{"config/samples/programs", "config/samples/strategies", "config/samples/budgets", "config/samples/partners", "config/argocd/identities"} {
		if err := os.CopyFS(filepath.Join(w.repo.dir, filepath.Base(folder)), os.DirFS(filepath.Join(w.root, folder))); err != nil {
			return err
		}
	}
	w.repo.samples, err = w.repo.commit("Plans")
	return err
}

// createApplications applies the project's example as it ships, but for the repository's address.
func (w *world) createApplications() error {
	manifests, err := w.kubectl("", "kustomize", "config/argocd")
	if err != nil {
		return err
	}
	if !strings.Contains(manifests, exampleURL) {
		return fmt.Errorf("config/argocd does not name the repository %s", exampleURL)
	}
	if _, err := w.kubectl(strings.ReplaceAll(manifests, exampleURL, w.repo.url()), "apply", "--server-side", "--force-conflicts", "-f", "-"); err != nil {
		return err
	}
	_, err = w.kubectl("", "-n", argocdNamespace, "patch", "configmap", "argocd-cm", "--patch-file", "config/argocd/impersonation.yaml")
	return err
}

// daysRole is the role, and its binding, by which the partners' accounts deliver the samples, whose days are past.
const daysRole = "samples-days"

// letDaysBePast lets the partners' accounts deliver the requests and claims of the samples, as the guide tells its readers.
func (w *world) letDaysBePast() error {
	if _, err := w.kubectl("", "create", "clusterrole", daysRole, "--verb=backdate",
		"--resource=mdfallocations.channel.jointplan.dev,mdfclaims.channel.jointplan.dev"); err != nil {
		return err
	}
	binding := []string{"create", "clusterrolebinding", daysRole, "--clusterrole=" + daysRole}
	for _, partner := range partners {
		binding = append(binding, "--serviceaccount=partner-"+partner+":jointplan-git-partner-path")
	}
	_, err := w.kubectl("", binding...)
	return err
}

// letNoDayBePast takes that right away, once the samples are delivered.
func (w *world) letNoDayBePast() error {
	_, err := w.kubectl("", "delete", "clusterrolebinding,clusterrole", daysRole)
	return err
}

// restorePlan brings along the approved text of the one plan that was changed after its approval, as the guide tells its readers. The
// namespace must be there.
func (w *world) restorePlan() error {
	return eventually(func() error {
		_, err := w.kubectl("", "apply", "-f", "config/samples/partners/helix/restored.yaml")
		return err
	})
}

// awaitDelivered waits until all Applications are there and have been delivered once.
func (w *world) awaitDelivered() error {
	return eventually(func() error {
		for _, name := range applications() {
			one := application(name)
			found, err := w.kube.Resource(one.resource).Namespace(one.namespace).Get(context.Background(), name, metav1.GetOptions{})
			if err != nil {
				return err
			}
			if status := text(found, "status", "sync", "status"); status != "Synced" {
				return fmt.Errorf("application %s is %q", name, status)
			}
		}
		return nil
	})
}

// setCompareOptions sets how Argo CD compares the objects of all Applications.
func setCompareOptions(t *testing.T, options string) {
	t.Helper()
	annotate(t, application(programApplication), common.AnnotationCompareOptions, options)
	sets := schema.GroupVersionResource{Group: "argoproj.io", Version: "v1alpha1", Resource: "applicationsets"}
	for _, name := range []string{"jointplan-identities", "jointplan-partner", "jointplan-approvals"} {
		patch(t, thing{sets, argocdNamespace, name},
			fmt.Sprintf(`{"spec":{"template":{"metadata":{"annotations":{%q:%q}}}}}`, common.AnnotationCompareOptions, options))
	}
}
