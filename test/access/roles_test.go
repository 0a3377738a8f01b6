package access

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/test/plane"
)

const (
	read   = "get list watch"
	write  = read + " create update patch delete"
	follow = "status" // writing the status
)

// calledVerbs are tried by calls: every one on every kind.
var calledVerbs = []string{"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", follow}

// askedVerbs are those that the admission policies ask for. No call has such a verb, so the API server is asked as the policies do.
var askedVerbs = []string{
	"approve-as-vendor", "approve-as-partner", "revoke", "attest", "deliver", "review-as-vendor", "review-as-partner",
	"resolve-disputes", "pay", "recover", "govern", "purge", "restore", "override-separation", "except", "backdate",
}

// rights are the verbs of each role on each kind. What is not listed is refused.
var rights = map[string]map[string]string{
	"viewer": {
		"partnerprograms": read, "programcatalogs": read, "channelstrategies": read, "programreports": read, "benchmarks": read, "publishedbenchmarks": read,
		"mdfbudgets": read, "mdfledgers": read,
		"partners": read, "jointplans": read, "campaigns": read, "measurementsets": read, "planreviews": read, "approvaldecisions": read,
		"planrevisions": read, "mdfallocations": read, "mdfclaims": read,
	},
	"catalog-reader":  {"programcatalogs": read, "publishedbenchmarks": read},
	"evidence-reader": {"channelmanagers": read},
	"evidence-editor": {"channelmanagers": write},
	"partner-editor": {
		"partners": read, "planreviews": read + " create review-as-partner", "approvaldecisions": read + " create", "planrevisions": read,
		"jointplans": write + " review-as-partner", "campaigns": write, "measurementsets": write, "mdfallocations": write, "mdfclaims": write,
	},
	"partner-approver": {
		"partners": read, "jointplans": read + " approve-as-partner", "campaigns": read, "measurementsets": read, "planreviews": read, "planrevisions": read,
		"mdfallocations": read, "mdfclaims": read, "approvaldecisions": read + " create",
	},
	"channel-manager": {
		"partners": write, "measurementsets": write, "campaigns": read, "planrevisions": read, "mdfallocations": read, "mdfclaims": read,
		"approvaldecisions": read + " create", "jointplans": read + " update patch approve-as-vendor revoke review-as-vendor",
		"planreviews": read + " create review-as-vendor",
	},
	"finance-approver": {
		"partnerprograms": read, "programcatalogs": read, "channelstrategies": read, "programreports": read, "benchmarks": read, "publishedbenchmarks": read, "mdfledgers": read,
		"mdfbudgets": read + " update patch recover",
		"partners":   read, "jointplans": read, "campaigns": read, "measurementsets": read, "planreviews": read, "planrevisions": read,
		"approvaldecisions": read + " create", "mdfallocations": read + " approve-as-vendor revoke except",
		"mdfclaims": read + " update patch approve-as-vendor revoke pay",
	},
	"dispute-resolver": {
		"partners": read, "jointplans": read, "campaigns": read, "measurementsets": read, "planrevisions": read,
		"mdfallocations": read, "mdfclaims": read,
		"planreviews": read + " resolve-disputes", "approvaldecisions": read + " create",
	},
	"results-reporter": {"partners": read, "jointplans": read, "campaigns": read, "measurementsets": write},
	"program-admin": {
		"partnerprograms": write + " govern", "mdfbudgets": write + " govern", "mdfledgers": read, "programcatalogs": read, "channelstrategies": write,
		"programreports": read, "benchmarks": read, "publishedbenchmarks": read,
	},
	"desk": {
		"partners": read, "campaigns": read, "measurementsets": read, "planrevisions": read, "jointplans": read + " attest", "planreviews": read + " attest",
		"mdfallocations": read + " create update patch attest backdate", "mdfclaims": read + " create update patch attest backdate",
		"approvaldecisions": read + " create attest",
	},
	"git-partner-path": {
		"jointplans": write, "campaigns": write, "measurementsets": write,
		"mdfallocations": write + " attest deliver", "mdfclaims": write + " attest deliver",
	},
	"git-approvals-path": {
		"approvaldecisions": read + " create update patch attest deliver",
		"planreviews":       read + " create update patch attest review-as-vendor review-as-partner resolve-disputes",
		"jointplans":        read + " approve-as-vendor approve-as-partner revoke attest review-as-vendor review-as-partner",
		"mdfallocations":    read + " approve-as-vendor revoke except",
		"mdfclaims":         read + " update patch approve-as-vendor revoke pay", "measurementsets": write,
	},
	"manager": {
		"partnerprograms": read + " status", "mdfbudgets": read + " status", "mdfledgers": read + " create update", "programcatalogs": read + " create update",
		"channelstrategies": read + " status", "programreports": read + " create update status",
		"benchmarks": read + " create", "publishedbenchmarks": read + " create",
		"partners": read + " status", "jointplans": read + " status", "campaigns": read + " status", "measurementsets": read + " status",
		"planreviews": read + " status", "approvaldecisions": read + " status", "planrevisions": read + " create patch status", "mdfallocations": read + " status",
		"mdfclaims": read + " status", "channelmanagers": read + " status",
	},
}

// TestRoles tries every verb of every role on every kind, bound in a namespace, in another namespace, and bound in the whole cluster.
func TestRoles(t *testing.T) {
	t.Parallel()
	s := newSetting(t)
	elsewhere := plane.Namespace(t, s.admin)
	callers := map[string][2]caller{}
	for role := range rights {
		here := s.as(s.user("here-"+role, grant{roles: []string{role}}))
		everywhere := s.as(s.user("all-"+role, grant{roles: []string{role}, everywhere: true}))
		if role == "manager" { // what it writes, policies allow the account alone
			everywhere = s.as(plane.ManagerAccount)
		}
		callers[role] = [2]caller{here, everywhere}
	}
	s.awaitRights()
	for _, role := range slices.Sorted(maps.Keys(rights)) {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			here, everywhere := callers[role][0], callers[role][1]
			for _, resource := range kinds.All() {
				granted := strings.Fields(rights[role][resource.Plural])
				for _, verb := range slices.Concat(calledVerbs, askedVerbs) {
					may := slices.Contains(granted, verb)
					s.assert(t, here, role, verb, resource.Plural, s.namespace, may && !inCluster(resource.Plural) && !onlyManager(role, verb))
					s.assert(t, everywhere, role, verb, resource.Plural, s.namespace, may)
					if !inCluster(resource.Plural) {
						s.assert(t, here, role, verb, resource.Plural, elsewhere, false)
					}
				}
			}
		})
	}
}

// onlyManager reports whether a policy keeps whoever else has the manager's role from what the role lets it do.
func onlyManager(role, verb string) bool { return role == "manager" && verb == "create" }

// assert checks one cell of the table.
func (s *setting) assert(t *testing.T, c caller, role, verb, resource, namespace string, want bool) {
	t.Helper()
	if slices.Contains(askedVerbs, verb) {
		if got := c.may(t, verb, resource, namespace); got != want {
			t.Errorf("%s: %s on %s in %s: %t, want %t", c.name, verb, resource, namespace, got, want)
		}
		return
	}
	err := s.call(t, c, role, verb, resource, namespace)
	switch {
	case want && err != nil:
		t.Errorf("%s: %s of %s in %s is refused: %v", c.name, verb, resource, namespace, err)
	case !want && (!apierrors.IsForbidden(err) || !strings.Contains(err.Error(), "cannot ") && !onlyManager(role, verb)):
		t.Errorf("%s: %s of %s in %s is not forbidden by the role: %v", c.name, verb, resource, namespace, err)
	}
}

// call calls the API server with a verb on the sample of a resource. It changes nothing.
func (s *setting) call(t *testing.T, c caller, role, verb, resource, namespace string) error {
	t.Helper()
	at, object, dry := c.at(resource, namespace), s.sample(resource), []string{metav1.DryRunAll}
	if !inCluster(resource) {
		object.SetNamespace(namespace)
	}
	patch, err := []byte(`{"metadata":{"labels":{"touched":"yes"}}}`), error(nil)
	switch verb {
	case "get":
		_, err = at.Get(t.Context(), object.GetName(), metav1.GetOptions{})
	case "list":
		_, err = at.List(t.Context(), metav1.ListOptions{})
	case "watch":
		stream, failed := at.Watch(t.Context(), metav1.ListOptions{})
		if err = failed; err == nil {
			stream.Stop()
		}
	case "create":
		_, err = at.Create(t.Context(), createdBy(t, object, c.name, role), metav1.CreateOptions{DryRun: dry})
	case "update":
		object.SetLabels(map[string]string{"touched": "yes"})
		_, err = at.Update(t.Context(), object, metav1.UpdateOptions{DryRun: dry})
	case "patch":
		_, err = at.Patch(t.Context(), object.GetName(), types.MergePatchType, patch, metav1.PatchOptions{DryRun: dry})
	case "delete":
		err = at.Delete(t.Context(), object.GetName(), metav1.DeleteOptions{DryRun: dry})
	case "deletecollection":
		err = at.DeleteCollection(t.Context(), metav1.DeleteOptions{DryRun: dry}, metav1.ListOptions{})
	case follow:
		_, err = at.Patch(t.Context(), object.GetName(), types.MergePatchType, patch, metav1.PatchOptions{DryRun: dry}, "status")
	default:
		t.Fatalf("no call has the verb %s", verb)
	}
	return err
}

// createdBy turns an object into a new one, of a user who has a role: a decision of the role's party on what the role decides on.
func createdBy(t *testing.T, object *unstructured.Unstructured, user, role string) *unstructured.Unstructured {
	t.Helper()
	set := map[string]string{"metadata.name": "new", "metadata.resourceVersion": "", "metadata.uid": "", "status": ""}
	switch object.GetKind() {
	case "PlanReview":
		maps.Copy(set, map[string]string{
			"spec.recordedBy": user, "spec.recordedTime": time.Now().UTC().Format(time.RFC3339), "spec.heldOn": time.Now().UTC().Format(time.DateOnly),
		})
		if role == "partner-editor" {
			set["spec.party"] = "Partner"
		}
	case "ApprovalDecision":
		set["spec.approvedBy"], set["spec.decidedTime"] = user, "'"+time.Now().UTC().Format(time.RFC3339)+"'"
		switch role {
		case "partner-editor", "dispute-resolver":
			set["spec.targetRef"], set["spec.party"], set["spec.decision"] = "{kind: PlanReview, name: one}", "Partner", "Confirmed"
			if role == "dispute-resolver" {
				set["spec.party"], set["spec.decision"], set["spec.comment"] = "Vendor", "Upheld", "Because."
			}
		case "partner-approver":
			set["spec.party"] = "Partner"
		case "desk":
			set["spec.party"], set["spec.approvedBy"], set["spec.decidedTime"] = "Partner", "paula@example.com", "'2026-08-31T10:00:00Z'"
			set["spec.attestation"] = attested(partners, user, "2026-09-01")["spec.attestation"]
		case "finance-approver":
			set["spec.targetRef"] = "{kind: MDFClaim, name: one}"
		}
	case "MDFAllocation", "MDFClaim":
		set["spec.requestedBy"] = user
	}
	if object.GetNamespace() == "" {
		set["metadata.name"] = "new-" + object.GetName()
	}
	change(t, object, set)
	return object
}

// TestPageHasTheTable checks the table of roles in docs/access.md.
func TestPageHasTheTable(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/access.md")
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	table.WriteString("| role | kind | verbs |\n|---|---|---|\n")
	for _, role := range []string{
		"viewer", "evidence-reader", "evidence-editor", "catalog-reader", "partner-editor", "partner-approver", "channel-manager", "finance-approver", "desk", "dispute-resolver",
		"program-admin", "results-reporter", "git-partner-path", "git-approvals-path",
	} {
		having := map[string][]string{} // by verbs
		for _, resource := range kinds.All() {
			if verbs := rights[role][resource.Plural]; verbs != "" {
				having[verbs] = append(having[verbs], resource.Name)
			}
		}
		first := " `jointplan-" + role + "` "
		for _, resource := range kinds.All() {
			verbs := rights[role][resource.Plural]
			if len(having[verbs]) == 0 || having[verbs][0] != resource.Name {
				continue
			}
			words := strings.Fields(strings.NewReplacer(write, "read write", read, "read").Replace(verbs))
			fmt.Fprintf(&table, "|%s| %s | %s |\n", first, strings.Join(having[verbs], ", "), strings.Join(words, ", "))
			first = " "
		}
	}
	if !strings.Contains(string(page), table.String()) {
		t.Errorf("docs/access.md lacks this table:\n%s", table.String())
	}
}
