package plugin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/test/plane"
)

// office is a namespace with the objects of testdata/writing.yaml, a manager, and people with roles who write with the plugin.
type office struct {
	*testing.T
	client.WithWatch

	namespace, program string
	clock              *clocktesting.FakePassiveClock
	binary             string
}

// built builds the plugin once.
var built = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "kubectl-jointplan")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(folder, "kubectl-jointplan")
	build := exec.Command("go", "build", "-o", binary, "../../cmd/kubectl-jointplan")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return binary, nil
})

// staff are the roles of people in the namespace; finance also reads programs, budgets and ledgers, which are in none.
var staff = map[string]string{
	"vera": "jointplan-channel-manager", "fay": "jointplan-finance-approver", "paul": "jointplan-partner-editor", "paula": "jointplan-partner-approver",
	"finn": "jointplan-finance-approver", "fred": "jointplan-finance-approver", "dora": "jointplan-desk",
}

// archivists may write as of before, as the manager's clock is not the server's.
var archivists = []string{"vera", "fay", "fred", "paul", "paula"}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{T: t, WithWatch: plane.Client(t), clock: clocktesting.NewFakePassiveClock(time.Date(2026, 8, 10, 9, 0, 0, 0, time.UTC))}
	var err error
	if o.binary, err = built(); err != nil {
		t.Fatal(err)
	}
	plane.Guard(t)
	o.namespace = plane.Namespace(t, o)
	o.program = "w-" + o.namespace[max(0, len(o.namespace)-40):]
	for _, object := range o.objects(nil) {
		o.create(object)
	}
	for user, role := range staff {
		o.bind(user, role)
	}
	o.letDate(archivists)
	plane.StartManager(t, plane.ScopeOf(o.namespace), "plugin-"+o.namespace, o.clock)
	o.await(&v1alpha1.MDFBudget{}, o.program, v1alpha1.ConditionLedgerIntact, metav1.ConditionTrue, "")
	return o
}

// objects returns the objects of testdata/writing.yaml with some texts changed.
func (o *office) objects(change map[string]string) []client.Object {
	o.Helper()
	set, err := manifest.NewReader().Read(o.Context(), manifest.Options{Stdin: strings.NewReader(o.text(change))}, "-")
	if err != nil {
		o.Fatal(err)
	}
	var all []client.Object
	for _, object := range set.Objects() {
		all = append(all, object.(client.Object))
	}
	return all
}

func (o *office) text(change map[string]string) string {
	o.Helper()
	raw, err := os.ReadFile("testdata/writing.yaml")
	if err != nil {
		o.Fatal(err)
	}
	text := strings.NewReplacer("NAMESPACE", o.namespace, "PROGRAM", o.program).Replace(string(raw))
	for from, to := range change {
		text = strings.ReplaceAll(text, from, to)
	}
	return text
}

func (o *office) create(object client.Object) {
	o.Helper()
	if object.GetNamespace() == "" {
		plane.Mark(object, o.namespace)
		o.Cleanup(func() { _ = o.Delete(context.Background(), object) })
	}
	if _, isBudget := object.(*v1alpha1.MDFBudget); isBudget {
		o.Cleanup(func() { plane.RemoveLedger(o.T, object.GetName()) })
	}
	if err := o.Create(o.Context(), object); err != nil {
		o.Fatal(err)
	}
}

// bind gives a user a role: in the namespace, and finance for what is in none too.
func (o *office) bind(user, role string) {
	o.Helper()
	ref := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role}
	subjects := []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: "User", Name: user}}
	binding := &rbacv1.RoleBinding{RoleRef: ref, Subjects: subjects}
	binding.Name, binding.Namespace = user, o.namespace
	o.create(binding)
	if role == "jointplan-finance-approver" {
		everywhere := &rbacv1.ClusterRoleBinding{RoleRef: ref, Subjects: subjects}
		everywhere.Name = user + "-" + o.namespace
		o.create(everywhere)
	}
}

// letDate lets users write decisions, requests and claims as of before.
func (o *office) letDate(users []string) {
	o.Helper()
	role, binding := &rbacv1.Role{}, &rbacv1.RoleBinding{}
	role.Name, role.Namespace = "archivist", o.namespace
	role.Rules = []rbacv1.PolicyRule{
		{APIGroups: []string{v1alpha1.GroupVersion.Group}, Resources: []string{"approvaldecisions"}, Verbs: []string{"attest", "deliver"}},
		{APIGroups: []string{v1alpha1.GroupVersion.Group}, Resources: []string{"mdfallocations", "mdfclaims"}, Verbs: []string{"backdate"}},
	}
	o.create(role)
	binding.Name, binding.Namespace = role.Name, o.namespace
	binding.RoleRef = rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: role.Name}
	for _, user := range users {
		binding.Subjects = append(binding.Subjects, rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: "User", Name: user})
	}
	o.create(binding)
}

// answer is what the plugin said.
type answer struct {
	code        int
	out, errors string
}

// as runs the plugin in the name of a user, or of the administrator when none is given.
func (o *office) as(user string, args ...string) answer {
	o.Helper()
	args = append(args, "--kubeconfig", os.Getenv(plane.Kubeconfig))
	if !slices.Contains(args, "-n") && !slices.Contains(args, "-A") {
		args = append(args, "-n", o.namespace)
	}
	if user != "" {
		args = append(args, "--as", user)
	}
	command := exec.CommandContext(o.Context(), o.binary, args...)
	var out, problems bytes.Buffer
	command.Stdout, command.Stderr, command.Dir = &out, &problems, o.TempDir()
	err := command.Run()
	if exit, failed := errors.AsType[*exec.ExitError](err); failed {
		return answer{exit.ExitCode(), out.String(), problems.String()}
	}
	if err != nil {
		o.Fatal(err)
	}
	return answer{0, out.String(), problems.String()}
}

// expect fails the test unless the plugin ended with a code and said a text, on whichever stream.
func (o *office) expect(got answer, code int, texts ...string) {
	o.Helper()
	for _, text := range texts {
		if !strings.Contains(got.out+got.errors, text) {
			o.Errorf("it does not say %q", text)
		}
	}
	if got.code != code || o.Failed() {
		o.Fatalf("exit code %d, want %d\n%s\n%s", got.code, code, got.out, got.errors)
	}
}

// await waits until an object is evaluated and a condition has a status and, unless it is empty, a reason.
func (o *office) await(object kinds.Evaluated, name, kind string, status metav1.ConditionStatus, reason string) {
	o.Helper()
	key := client.ObjectKey{Namespace: o.namespace, Name: name}
	if _, isBudget := object.(*v1alpha1.MDFBudget); isBudget {
		key.Namespace = ""
	}
	plane.Eventually(o.T, func() string {
		if err := o.Get(o.Context(), key, object); err != nil {
			return err.Error()
		}
		c := meta.FindStatusCondition(object.Common().Conditions, kind)
		if object.Common().ObservedGeneration != object.GetGeneration() || c == nil || c.Status != status || reason != "" && c.Reason != reason {
			return fmt.Sprintf("%s of %s is %+v, want %s %s", kind, name, c, status, reason)
		}
		return ""
	})
}

var onPlan = []string{"h1", "--yes", "--decided-time", "2026-08-01T08:00:00Z"}

// submitPlan has the partner submit the plan.
func (o *office) submitPlan() {
	o.Helper()
	o.await(&v1alpha1.JointPlan{}, "h1", v1alpha1.ConditionApproved, metav1.ConditionFalse, v1alpha1.ReasonDraft)
	o.expect(o.as("paula", append([]string{"submit"}, onPlan...)...), 0, "for the partner, by paula on", "with this approval the plan is submitted", "the vendor then has 10 days to decide",
		"approvaldecision.channel.jointplan.dev/h1-partner-", " created\n")
	o.await(&v1alpha1.JointPlan{}, "h1", v1alpha1.ConditionApproved, metav1.ConditionFalse, v1alpha1.ReasonAwaitingDecision)
}

// approvePlan has both parties approve the plan.
func (o *office) approvePlan() {
	o.Helper()
	o.submitPlan()
	plane.Eventually(o.T, func() string { // the plan's status may not show paula's decision yet
		got := o.as("vera", append(append([]string{"approve"}, onPlan...), "--party", "vendor")...)
		if got.code != 0 {
			return got.errors
		}
		return ""
	})
	o.await(&v1alpha1.JointPlan{}, "h1", v1alpha1.ConditionApproved, metav1.ConditionTrue, v1alpha1.ReasonApproved)
}

// TestFromThePlanToThePayment writes with the plugin what it takes to get money, each by who may.
func TestFromThePlanToThePayment(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.approvePlan()
	o.expect(o.as("vera", "approve", "h1", "--yes"), 1, "would have no effect")

	request := &v1alpha1.MDFAllocation{}
	o.await(request, "launch", v1alpha1.ConditionApproved, metav1.ConditionFalse, v1alpha1.ReasonAwaitingDecision)
	o.expect(o.as("paul", "approve", "request/launch", "--yes"), 1, "you are not allowed to decide on MDFAllocation "+o.namespace+"/launch for the vendor")
	o.expect(o.as("finn", "approve", "request/launch", "--by", "vera", "--yes", "--decided-time", "2026-08-10T08:00:00Z"), 1,
		"the caller is finn, but approvedBy is vera")
	o.expect(o.as("fay", "approve", "request/launch", "--decided-time", "2026-08-10T08:00:00Z"), 2, "cannot ask for confirmation here: add --yes")
	o.expect(o.as("fay", "approve", "request/launch", "--yes", "--decided-time", "2026-08-10T08:00:00Z", "--amount", "2000.00", "--comment", "a smaller hall"), 0,
		"EUR 3,000.00 of a cost of EUR 6,000.00", "Approved is then True (ApprovedInPart)", " created\n")
	o.await(request, "launch", v1alpha1.ConditionGranted, metav1.ConditionTrue, "")

	o.clock.SetTime(time.Date(2026, 9, 20, 9, 0, 0, 0, time.UTC))
	claim := []string{"claim", "launch", "--live", "--claimed-on", "2026-09-18", "--cost", "I-1:Hall:5000.00:2026-08-20", "--proof", "Invoice:I-1"}
	o.expect(o.as("", append(claim[:2:2], append(claim[3:], "--write", "-")...)...), 0, "# [ ] AttendeeList\n", "ProofMissing", "name: launch-1\n")
	o.expect(o.as("paul", claim...), 0, "EUR 2,000.00 is not claimed yet", "mdfclaim.channel.jointplan.dev/launch-1 created\n")
	o.await(&v1alpha1.MDFClaim{}, "launch-1", v1alpha1.ConditionAccepted, metav1.ConditionFalse, v1alpha1.ReasonProofMissing)
	o.expect(o.as("fay", "return", "claim/launch-1", "--yes", "--decided-time", "2026-09-19T08:00:00Z", "--comment", "who was there?"), 0, " created\n")
	o.expect(o.as("paul", append(claim, "--proof", "AttendeeList:L-1", "--cost", "I-2:Hall:10.00:2026-08-20")...), 0, "launch-2 created\n")
	o.await(&v1alpha1.MDFClaim{}, "launch-2", v1alpha1.ConditionAccepted, metav1.ConditionFalse, v1alpha1.ReasonDuplicateInvoice)
}

// TestWhatADeskRecords submits a plan for a partner's person who has no account, from a document.
func TestWhatADeskRecords(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.await(&v1alpha1.JointPlan{}, "h1", v1alpha1.ConditionApproved, metav1.ConditionFalse, v1alpha1.ReasonDraft)
	file := filepath.Join(t.TempDir(), "signed.pdf")
	if err := os.WriteFile(file, []byte("We agree.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	submit := append([]string{"submit"}, onPlan...)
	o.expect(o.as("vera", submit...), 1, "you are not allowed to submit JointPlan "+o.namespace+"/h1 for the partner: you need the verb approve-as-partner")
	o.expect(o.as("dora", append(submit, "--by", "pat@acme.example")...), 1, "dora may not decide as Partner on JointPlan h1")
	submit = append(submit, "--by", "pat@acme.example", "--channel", "mail", "--evidence")
	o.expect(o.as("dora", append(submit, t.TempDir())...), 2, " is not a file: name the document that shows the decision")
	const attested = `dora recorded it for pat@acme.example from a mail received on 2026-08-01 ("signed.pdf", SHA-256 `
	o.expect(o.as("dora", append(submit, file)...), 0, "Attested: "+attested, " created\n")
	o.await(&v1alpha1.JointPlan{}, "h1", v1alpha1.ConditionApproved, metav1.ConditionFalse, v1alpha1.ReasonAwaitingDecision)
	o.expect(o.as("paula", "submit", "h1", "--yes"), 1, "there is nothing to submit: this revision of JointPlan "+o.namespace+"/h1 was submitted by pat@acme.example on 2026-08-01 already")
	plane.Eventually(o.T, func() string { // the decision's status may come after the plan's
		if got := o.as("vera", "explain", "plan/h1"); !strings.Contains(got.out, "Approved for the partner on 2026-08-01: "+attested) {
			return got.out + got.errors
		}
		return ""
	})
	o.expect(o.as("", "tree"), 0, ", attested")
	o.expect(o.as("vera", append(append([]string{"approve"}, onPlan...), "--party", "vendor")...), 0, "Attested:   Approved for the partner on 2026-08-01: "+attested, " created\n")
}

// TestAnExceptionInTheCluster grants a request that was left undecided until its activity had begun.
func TestAnExceptionInTheCluster(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.approvePlan()
	request := &v1alpha1.MDFAllocation{}
	o.await(request, "launch", v1alpha1.ConditionApproved, metav1.ConditionFalse, v1alpha1.ReasonAwaitingDecision)
	o.clock.SetTime(time.Date(2026, 9, 5, 9, 0, 0, 0, time.UTC))
	approve := []string{"approve", "request/launch", "--yes", "--decided-time", "2026-09-05T08:00:00Z"}
	o.expect(o.as("fay", approve...), 1, "The vendor left the request undecided beyond 2026-08-11, its last day", `say why with --exception "..."`)
	approve = append(approve, "--exception", "everybody was at the fair")
	o.expect(o.as("vera", approve...), 1, "you are not allowed to grant an exception on MDFAllocation "+o.namespace+"/launch: you need the verb except")
	o.expect(o.as("fay", approve...), 0, "Exception: approver 1 of 2; the reason: everybody was at the fair", " created\n")
	o.await(request, "launch", v1alpha1.ConditionApproved, metav1.ConditionFalse, v1alpha1.ReasonSecondApproverMissing)
	o.expect(o.as("fay", approve...), 1, "fay approved this request on 2026-09-05 already")
	o.expect(o.as("fred", approve...), 0, "by fay on 2026-09-05, as an exception: everybody was at the fair", "Exception: approver 2 of 2", " created\n")
	o.await(request, "launch", v1alpha1.ConditionApproved, metav1.ConditionTrue, v1alpha1.ReasonApprovedAsException)
	o.await(request, "launch", v1alpha1.ConditionGranted, metav1.ConditionTrue, "")
}

func TestReviewsInTheCluster(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.approvePlan()
	today := time.Now().UTC()
	review := []string{
		"review", "h1", "--yes", "--held-on", today.Format(time.DateOnly), "--outcome", "OnTrack", "--attendee", "Vera:Vendor", "--attendee", "Paul:Partner",
		"--no-actions", "all goes well",
	}
	name := "h1-" + today.Format("20060102")
	o.expect(o.as("paula", review...), 1, "you are not allowed to record meetings about JointPlan")
	o.expect(o.as("vera", review...), 0, "planreview.channel.jointplan.dev/"+name+" created: the partner can confirm or dispute it\n")
	o.expect(o.as("vera", review...), 1, name+" records this meeting for the vendor already: nothing more is needed")
	o.await(&v1alpha1.JointPlan{}, "h1", v1alpha1.ConditionApproved, metav1.ConditionTrue, v1alpha1.ReasonApproved)
}

// TestWhatGitOpsDeliversIsNotWrittenTo marks the objects as Argo CD and Flux do.
func TestWhatGitOpsDeliversIsNotWrittenTo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.approvePlan()
	plan := &v1alpha1.JointPlan{}
	plan.Name, plan.Namespace = "h1", o.namespace
	mark := fmt.Sprintf(`{"metadata":{"annotations":{"argocd.argoproj.io/tracking-id":"acme:channel.jointplan.dev/JointPlan:%s/h1"}}}`, o.namespace)
	if err := o.Patch(t.Context(), plan, client.RawPatch("application/merge-patch+json", []byte(mark))); err != nil {
		t.Fatal(err)
	}
	reject := []string{"reject", "h1", "--yes", "--party", "vendor", "--decided-time", "2026-08-09T08:00:00Z", "--comment", "the agreement ends"}
	got := o.as("vera", reject...)
	o.expect(got, 1, "nothing was created: Argo CD application acme delivers JointPlan "+o.namespace+"/h1", "--force")
	if !strings.HasPrefix(got.out, "apiVersion: channel.jointplan.dev/v1alpha1\nkind: ApprovalDecision\n") {
		t.Errorf("no manifest:\n%s", got.out)
	}
	today := time.Now().UTC().Format(time.DateOnly)
	review := []string{
		"review", "h1", "--yes", "--held-on", today, "--outcome", "OnTrack", "--attendee", "Vera:Vendor", "--attendee", "Paul:Partner",
		"--no-actions", "all goes well",
	}
	o.expect(o.as("vera", review...), 1, "nothing was created: Argo CD application acme delivers", "heldOn: \""+today+"\"")
	o.expect(o.as("vera", append(reject, "--force")...), 0, " created\n")
	o.await(&v1alpha1.JointPlan{}, "h1", v1alpha1.ConditionApproved, metav1.ConditionFalse, v1alpha1.ReasonRejected)
}

// TestDiffWithTheCluster compares manifests with what is there.
func TestDiffWithTheCluster(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.approvePlan()
	file := func(change map[string]string) string {
		path := filepath.Join(t.TempDir(), "plans.yaml")
		if err := os.WriteFile(path, []byte(o.text(change)), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	at := []string{"diff", "--at", "2026-08-10T09:00:00Z", "--exit-code", "-f"}
	o.expect(o.as("", append(at, file(nil))...), 0, "Nothing is different from the cluster")
	o.expect(o.as("", append(at, file(map[string]string{"440000": "480000", `"10000.00"`: `"9000.00"`}))...), 1,
		"JointPlan "+o.namespace+"/h1: changed\n  needs new approval by Vendor and Partner", "the new terms change the goal cloud-revenue",
		"Approved: True Approved -> False AmendmentPending", "available  10000.00  9000.00")
	o.expect(o.as("vera", append(at, file(nil))...), 2, "you are not allowed to list the partner programs of all namespaces", "--base")
}
