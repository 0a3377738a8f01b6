package access

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/config/policy"
	"jointplan.dev/jointplan/controllers"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/test/plane"
)

// row is a write that a policy judges.
type row struct {
	// rule is the expression that the row is about, as policy/index.
	rule string
	// by is the user, one of users, or "admin" or "manager".
	by string
	// verb is create, update or delete.
	verb string
	// base is the object that is written, as resource/name; create makes a new one that is like it.
	base string
	// set is what is changed of it.
	set map[string]string
	// want is the refusal; nothing when the write passes. USER is the caller, CAPITALS the caller's name in capitals and NAMESPACE the namespace.
	want string
}

// users are those who write, and what they may do.
var users = map[string]grant{
	"editor":          {roles: []string{"partner-editor"}},
	"approver":        {roles: []string{"partner-approver"}},
	"channel-manager": {roles: []string{"channel-manager"}},
	"finance":         {roles: []string{"finance-approver"}},
	"git-partner":     {roles: []string{"git-partner-path"}},
	"git-approvals":   {roles: []string{"git-approvals-path"}},
	"revoker":         {verbs: map[string]string{"approvaldecisions": "create", "mdfclaims": "revoke"}},
	"deleter":         {roles: []string{"partner-editor"}, verbs: map[string]string{"approvaldecisions": "delete"}},
	"purger": {roles: []string{"partner-editor"}, verbs: map[string]string{
		"approvaldecisions": "delete purge", "mdfallocations": "purge", "mdfclaims": "purge", "jointplans": "purge", "partners": "delete purge",
		"planrevisions": "delete purge",
	}},
	"closer": {roles: []string{"program-admin"}, verbs: map[string]string{
		"mdfbudgets": "purge", "partnerprograms": "purge", "namespaces": "get update delete purge",
	}, everywhere: true},
	"mover":     {verbs: map[string]string{"partners": "update", "partnerprograms": "govern"}, everywhere: true},
	"opener":    {verbs: map[string]string{"mdfbudgets": "create"}, everywhere: true},
	"host":      {verbs: map[string]string{"namespaces": "get update delete"}, everywhere: true},
	"catalogue": {verbs: map[string]string{"partnerprograms": "create update"}, everywhere: true},
	"steward":   {roles: []string{"program-admin"}, verbs: map[string]string{"mdfbudgets": "attest"}, everywhere: true},
	"both":      {roles: []string{"partner-editor", "finance-approver", "channel-manager"}},
	"override": {roles: []string{"partner-editor", "finance-approver", "channel-manager"}, verbs: map[string]string{
		"jointplans": "override-separation", "mdfallocations": "override-separation", "mdfclaims": "override-separation",
	}},
	"both-sides": {roles: []string{"partner-editor"}, verbs: map[string]string{"jointplans": "approve-as-partner"}},
	"resolver":   {roles: []string{"dispute-resolver"}},
	"cleaner":    {verbs: map[string]string{"planreviews": "delete"}},
	"clerk":      {verbs: map[string]string{"jointplans": "create update", "mdfclaims": "create update"}},
	"copyist":    {verbs: map[string]string{"planrevisions": "create delete"}},
	"restorer":   {verbs: map[string]string{"planrevisions": "create restore"}},
	"money":      {verbs: map[string]string{"approvaldecisions": "create", "mdfallocations": "approve-as-vendor"}},
	"rules":      {roles: []string{"program-admin"}, everywhere: true},
	"treasurer":  {roles: []string{"finance-approver"}, everywhere: true},
	"desk":       {roles: []string{"desk"}},
	"recorder":   {roles: []string{"finance-approver"}, verbs: map[string]string{"mdfbudgets": "attest"}, everywhere: true},
}

// TestPolicies tries writes that the policies let pass and refuse.
func TestPolicies(t *testing.T) {
	t.Parallel()
	s := newSetting(t)
	callers := map[string]caller{"admin": s.as("admin@"+s.namespace, "system:masters"), "manager": s.as(plane.ManagerAccount)}
	for name, g := range users {
		callers[name] = s.as(s.user(name, g))
	}
	s.awaitRights()
	for name, r := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			by, known := callers[r.by]
			if !known {
				t.Fatalf("there is no user %s", r.by)
			}
			want, words := "", s.words(by, time.Now().UTC())
			if r.want != "" {
				policy, _, _ := strings.Cut(r.rule, "/")
				want = fmt.Sprintf("ValidatingAdmissionPolicy '%s' with binding '%s' denied request: %s", policy, policy, r.want)
				want = words.Replace(want)
			}
			if diff := cmp.Diff(want, denial(t, s.write(t, by, r, words))); diff != "" {
				t.Errorf("what the API server says (-want +got):\n%s", diff)
			}
		})
	}
}

// words fill in what rows leave open: who writes, where, and the days and instants about now.
func (s *setting) words(by caller, now time.Time) *strings.Replacer {
	day := func(ago int) string { return now.AddDate(0, 0, -ago).Format(time.DateOnly) }
	instant := func(ago time.Duration) string { return now.Add(-ago).Format(time.RFC3339) }
	return strings.NewReplacer("USER", by.name, "CAPITALS", strings.ToUpper(by.name), "NAMESPACE", s.namespace, "CLUSTER", s.cluster(),
		"TODAY", day(0), "YESTERDAY", day(1), "DAYS-AGO", day(2), "NOW", instant(0), "HALF-AN-HOUR-AGO", instant(30*time.Minute),
		"AN-HOUR-AGO", instant(59*time.Minute), "LONGER-AGO", instant(61*time.Minute), "LONG-AGO", "2026-06-16T09:00:00Z",
		"IN-A-WHILE", instant(-6*time.Minute), "LATER", instant(-time.Hour))
}

// write makes the write of a row, without effect.
func (s *setting) write(t *testing.T, by caller, r row, words *strings.Replacer) error {
	t.Helper()
	object := s.object(r.base)
	resource, _, _ := strings.Cut(r.base, "/")
	at, dry := by.at(resource, s.namespace), []string{metav1.DryRunAll}
	set := maps.Clone(r.set)
	for path, text := range set {
		set[path] = words.Replace(text)
	}
	switch r.verb {
	case "create":
		change(t, object, map[string]string{"metadata.resourceVersion": "", "metadata.uid": "", "status": "", "metadata.name": "new-" + object.GetName()})
		change(t, object, set)
		_, err := at.Create(t.Context(), object, metav1.CreateOptions{DryRun: dry})
		return err
	case "update":
		change(t, object, set)
		_, err := at.Update(t.Context(), object, metav1.UpdateOptions{DryRun: dry})
		return err
	case "delete":
		return at.Delete(t.Context(), object.GetName(), metav1.DeleteOptions{DryRun: dry})
	default:
		t.Fatalf("no write %q", r.verb)
		return nil
	}
}

// denial returns what an admission policy said, or nothing when the write passed.
func denial(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var status apierrors.APIStatus
	if !errors.As(err, &status) || status.Status().Reason != metav1.StatusReasonForbidden {
		t.Fatalf("the write fails for another reason: %v", err)
	}
	_, message, _ := strings.Cut(status.Status().Message, "is forbidden: ")
	return message
}

// shipped reads the policies of config/policy.
func shipped(t *testing.T) (policies []admissionv1.ValidatingAdmissionPolicy, bindings []admissionv1.ValidatingAdmissionPolicyBinding) {
	t.Helper()
	files, err := filepath.Glob("../../config/policy/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for document := range strings.SplitSeq(string(raw), "\n---\n") {
			switch {
			case strings.Contains(document, "kind: ValidatingAdmissionPolicyBinding"):
				bindings = append(bindings, decoded[admissionv1.ValidatingAdmissionPolicyBinding](t, document))
			case strings.Contains(document, "kind: ValidatingAdmissionPolicy"):
				policies = append(policies, decoded[admissionv1.ValidatingAdmissionPolicy](t, document))
			}
		}
	}
	return policies, bindings
}

func decoded[T any](t *testing.T, document string) T {
	t.Helper()
	var object T
	if err := yaml.UnmarshalStrict([]byte(document), &object); err != nil {
		t.Fatal(err)
	}
	return object
}

// TestEveryExpressionHasRows checks that each expression of each policy has a row that passes and one that is refused.
func TestEveryExpressionHasRows(t *testing.T) {
	t.Parallel()
	policies, _ := shipped(t)
	missing := map[string]bool{}
	for _, p := range policies {
		for i := range p.Spec.Validations {
			missing[fmt.Sprintf("%s/%d passes", p.Name, i)], missing[fmt.Sprintf("%s/%d refuses", p.Name, i)] = true, true
		}
	}
	if len(missing) < 24 {
		t.Errorf("there are %d rows to look for, want more", len(missing))
	}
	for _, r := range rows {
		if r.want == "" {
			delete(missing, r.rule+" passes")
		} else {
			delete(missing, r.rule+" refuses")
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(missing)) {
		t.Errorf("no row in which %s", rule)
	}
}

// TestPoliciesAreSafe checks that the policies fail closed, are bound, and ask at most two things of the authorizer in one expression, each of
// which costs a third of what an expression may cost.
func TestPoliciesAreSafe(t *testing.T) {
	t.Parallel()
	policies, bindings := shipped(t)
	bound := map[string]bool{}
	for _, b := range bindings {
		bound[b.Spec.PolicyName] = cmp.Equal(b.Spec.ValidationActions, []admissionv1.ValidationAction{admissionv1.Deny}) && b.Spec.MatchResources == nil
	}
	for _, p := range policies {
		if p.Spec.FailurePolicy == nil || *p.Spec.FailurePolicy != admissionv1.Fail {
			t.Errorf("%s does not fail closed", p.Name)
		}
		if !bound[p.Name] {
			t.Errorf("%s is not bound", p.Name)
		}
		expressions := map[string]string{}
		for _, v := range p.Spec.Variables {
			expressions["variable "+v.Name] = v.Expression
		}
		for i, v := range p.Spec.Validations {
			expressions[fmt.Sprintf("validation %d", i)] = v.Expression
			if v.Message == "" || v.MessageExpression == "" {
				t.Errorf("validation %d of %s has no message", i, p.Name)
			}
		}
		for name, expression := range expressions {
			if checks := strings.Count(expression, ".check("); checks > 2 {
				t.Errorf("%s of %s asks the authorizer %d times", name, p.Name, checks)
			}
		}
	}
}

// TestServerFindsNothingWrongInThePolicies waits until the server has checked the types of the expressions against the schemas.
func TestServerFindsNothingWrongInThePolicies(t *testing.T) {
	t.Parallel()
	plane.Guard(t)
	c := plane.Client(t)
	policies, _ := shipped(t)
	for _, p := range policies {
		got := &admissionv1.ValidatingAdmissionPolicy{}
		plane.Eventually(t, func() string {
			if err := c.Get(t.Context(), client.ObjectKey{Name: p.Name}, got); err != nil {
				return err.Error()
			}
			if got.Status.TypeChecking == nil {
				return p.Name + " is not checked"
			}
			return ""
		})
		for _, warning := range got.Status.TypeChecking.ExpressionWarnings {
			t.Errorf("%s: %s: %s", p.Name, warning.FieldRef, warning.Warning)
		}
	}
}

// TestGateIsOpenOnThePlane checks that what the server makes of the policies is what the manager looks for.
func TestGateIsOpenOnThePlane(t *testing.T) {
	t.Parallel()
	plane.Guard(t)
	gate, err := controllers.NewPolicyGate(t.Context(), plane.Client(t), policy.Account)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(facts.Gate{}, gate.Gate()); diff != "" {
		t.Errorf("the gate (-want +got):\n%s", diff)
	}
}
