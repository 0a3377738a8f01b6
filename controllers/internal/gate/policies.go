// Package gate says whether the admission policies that guard money are in force; while one is not, nothing is granted.
package gate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/config/policy"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// Prefix begins the names of the policies in config/policy.
const Prefix = "jointplan-"

// maxPolicyFaults is the number of policies that the message of a closed gate names.
const maxPolicyFaults = 3

// Policies stops all grants while an admission policy that guards money is not in force: RBAC alone cannot say who may approve, ask, pay
// or write a ledger. Several goroutines may use it.
type Policies struct {
	expected policySet
	account  string // the user name that the policies have to name as the manager's
	read     func() ([]admissionv1.ValidatingAdmissionPolicy, []admissionv1.ValidatingAdmissionPolicyBinding, error)

	mu     sync.Mutex
	seen   string // the versions of all policies and bindings by which the gate was last judged
	judged facts.Gate
}

// New returns the gate of the policies in config/policy, which have to name the manager's account, a user name. It reads the
// cluster's from a cache, which the context ends.
func New(ctx context.Context, cached client.Reader, account string) (*Policies, error) {
	expected, err := expectedPolicies(policy.Manifests())
	if err != nil {
		return nil, err
	}
	expected.name(account)
	read := func() ([]admissionv1.ValidatingAdmissionPolicy, []admissionv1.ValidatingAdmissionPolicyBinding, error) {
		var policies admissionv1.ValidatingAdmissionPolicyList
		if err := cached.List(ctx, &policies, client.UnsafeDisableDeepCopy); err != nil {
			return nil, nil, err
		}
		var bindings admissionv1.ValidatingAdmissionPolicyBindingList
		if err := cached.List(ctx, &bindings, client.UnsafeDisableDeepCopy); err != nil {
			return nil, nil, err
		}
		return policies.Items, bindings.Items, nil
	}
	return &Policies{expected: expected, account: account, read: read}, nil
}

// Gate returns how the gate stands now: open, or closed with what is missing and the remedy. What cannot be read is not in force.
func (g *Policies) Gate() facts.Gate {
	policies, bindings, err := g.read()
	if err != nil {
		return closedGate("the policies cannot be read (" + err.Error() + "): see that the manager may list them")
	}
	versions := versionsOf(policies, bindings)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.seen != versions || versions == "" {
		g.seen, g.judged = versions, g.judge(policies, bindings)
	}
	return g.judged
}

// versionsOf tells whether any policy or binding has changed.
func versionsOf(policies []admissionv1.ValidatingAdmissionPolicy, bindings []admissionv1.ValidatingAdmissionPolicyBinding) string {
	var list []string
	for i := range policies {
		list = append(list, string(policies[i].UID)+"@"+policies[i].ResourceVersion)
	}
	for i := range bindings {
		list = append(list, string(bindings[i].UID)+"@"+bindings[i].ResourceVersion)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// judge compares the policies and bindings of the cluster with those that must be in force.
func (g *Policies) judge(policies []admissionv1.ValidatingAdmissionPolicy, bindings []admissionv1.ValidatingAdmissionPolicyBinding) facts.Gate {
	faults, altered := g.expected.faults(policies, bindings)
	if len(faults) == 0 {
		return facts.Gate{}
	}
	remedy := "run kubectl apply --server-side -k config/policy"
	switch {
	case g.account != policy.Account:
		remedy = "install the policies so that they name the account of this manager, " + g.account +
			", as the Helm chart does, or run the manager as " + policy.Account
	case altered:
		remedy = "run kubectl replace --force -k config/policy"
	}
	shown := strings.Join(faults[:min(len(faults), maxPolicyFaults)], "; ")
	if more := len(faults) - maxPolicyFaults; more > 0 {
		shown += fmt.Sprintf("; and %d more", more)
	}
	return closedGate(shown + ": " + remedy)
}

func closedGate(why string) facts.Gate {
	return facts.Gate{
		Reason:  v1alpha1.ReasonPolicyMissing,
		Message: "nothing is granted while the admission policies that guard money are not in force: " + why,
	}
}

// policySet are the policies that must be in force, by their order in the manifests.
type policySet []admissionv1.ValidatingAdmissionPolicy

// expectedPolicies reads the policies of the manifests.
func expectedPolicies(manifests fs.FS) (policySet, error) {
	var expected policySet
	files, err := fs.Glob(manifests, "*.yaml")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		raw, err := fs.ReadFile(manifests, file)
		if err != nil {
			return nil, err
		}
		documents := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(raw), 4096)
		for {
			var one admissionv1.ValidatingAdmissionPolicy
			switch err := documents.Decode(&one); {
			case errors.Is(err, io.EOF):
			case err != nil:
				return nil, fmt.Errorf("config/policy/%s: %w", file, err)
			case one.Kind == "ValidatingAdmissionPolicy":
				expected = append(expected, one)
				continue
			default:
				continue
			}
			break
		}
	}
	return expected, nil
}

// name makes the policies of the manifests name another account as the manager's.
func (s policySet) name(account string) {
	for i := range s {
		validations := s[i].Spec.Validations
		for k := range validations {
			validations[k].Expression = strings.ReplaceAll(validations[k].Expression, "'"+policy.Account+"'", "'"+account+"'")
		}
	}
}

// faults lists what of the set is not in force, and reports whether any of it is there but was altered.
func (s policySet) faults(
	policies []admissionv1.ValidatingAdmissionPolicy, bindings []admissionv1.ValidatingAdmissionPolicyBinding,
) (faults []string, altered bool) {
	for i := range s {
		want := &s[i]
		at := slices.IndexFunc(policies, func(p admissionv1.ValidatingAdmissionPolicy) bool { return p.Name == want.Name })
		if at < 0 {
			faults = append(faults, "policy "+want.Name+" is missing")
			continue
		}
		if why := weakened(&want.Spec, &policies[at].Spec); why != "" {
			faults, altered = append(faults, "policy "+want.Name+" "+why), true
			continue
		}
		if why, present := unbound(&want.Spec, want.Name, bindings); why != "" {
			faults, altered = append(faults, "policy "+want.Name+" "+why), altered || present
		}
	}
	return faults, altered
}

// weakened says what a policy lets through that the one in the manifests would refuse; it is empty for one that is as strict. What is
// stricter or broader passes.
func weakened(want, got *admissionv1.ValidatingAdmissionPolicySpec) string {
	switch {
	case got.FailurePolicy != nil && *got.FailurePolicy != admissionv1.Fail:
		return "has failurePolicy " + string(*got.FailurePolicy) + " instead of Fail"
	case got.ParamKind != nil:
		return "has a paramKind"
	case len(got.MatchConditions) > 0:
		return "has matchConditions, which narrow it"
	case got.MatchConstraints == nil:
		return "has no matchConstraints"
	}
	if why := narrower(want.MatchConstraints, got.MatchConstraints); why != "" {
		return "has matchConstraints that are narrower: " + why
	}
	for _, v := range want.Variables {
		if !slices.Contains(got.Variables, v) {
			return "lacks the variable " + v.Name + " as config/policy has it"
		}
	}
	for i, v := range want.Validations {
		same := func(o admissionv1.Validation) bool { return o.Expression == v.Expression }
		if !slices.ContainsFunc(got.Validations, same) {
			return fmt.Sprintf("lacks the expression of validations[%d] of config/policy", i)
		}
	}
	return ""
}

// unbound says why no binding puts a policy in force, and whether there is one.
func unbound(
	want *admissionv1.ValidatingAdmissionPolicySpec, policyName string, bindings []admissionv1.ValidatingAdmissionPolicyBinding,
) (why string, present bool) {
	why = "has no binding"
	for i := range bindings {
		b := &bindings[i]
		if b.Spec.PolicyName != policyName {
			continue
		}
		fault := ineffective(want, &b.Spec)
		if fault == "" {
			return "", true
		}
		if !present {
			why, present = "has a binding "+b.Name+" "+fault, true
		}
	}
	return why, present
}

// ineffective says why a binding does not put all of a policy in force.
func ineffective(want *admissionv1.ValidatingAdmissionPolicySpec, got *admissionv1.ValidatingAdmissionPolicyBindingSpec) string {
	switch {
	case !slices.Contains(got.ValidationActions, admissionv1.Deny):
		return "that does not Deny"
	case got.ParamRef != nil:
		return "with a paramRef"
	case got.MatchResources == nil:
		return ""
	}
	match := got.MatchResources.DeepCopy()
	if len(match.ResourceRules) == 0 { // a binding without rules is about all that its policy is about
		match.ResourceRules = want.MatchConstraints.ResourceRules
	}
	if why := narrower(want.MatchConstraints, match); why != "" {
		return "with matchResources that are narrower: " + why
	}
	return ""
}
