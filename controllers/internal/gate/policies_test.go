package gate

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/config/policy"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// inForce are the policies and bindings of a cluster, as the API server completes them.
type inForce struct {
	policies []admissionv1.ValidatingAdmissionPolicy
	bindings []admissionv1.ValidatingAdmissionPolicyBinding
}

// installed returns the policies of config/policy as a cluster has them after they were applied.
func installed(t *testing.T) *inForce {
	t.Helper()
	expected, err := expectedPolicies(policy.Manifests())
	if err != nil {
		t.Fatal(err)
	}
	cluster := &inForce{}
	for _, p := range expected {
		p = *p.DeepCopy()
		all, equivalent := admissionv1.AllScopes, admissionv1.Equivalent
		match := p.Spec.MatchConstraints
		match.MatchPolicy, match.NamespaceSelector, match.ObjectSelector = &equivalent, &metav1.LabelSelector{}, &metav1.LabelSelector{}
		for i := range match.ResourceRules {
			match.ResourceRules[i].Scope = &all
		}
		cluster.policies = append(cluster.policies, p)
		cluster.bindings = append(cluster.bindings, admissionv1.ValidatingAdmissionPolicyBinding{
			ObjectMeta: metav1.ObjectMeta{Name: p.Name},
			Spec: admissionv1.ValidatingAdmissionPolicyBindingSpec{
				PolicyName: p.Name, ValidationActions: []admissionv1.ValidationAction{admissionv1.Deny},
			},
		})
	}
	return cluster
}

// policy returns a policy by its name.
func (c *inForce) policy(name string) *admissionv1.ValidatingAdmissionPolicySpec {
	for i := range c.policies {
		if c.policies[i].Name == name {
			return &c.policies[i].Spec
		}
	}
	panic("no policy " + name)
}

// binding returns the binding of a policy by its name.
func (c *inForce) binding(name string) *admissionv1.ValidatingAdmissionPolicyBindingSpec {
	for i := range c.bindings {
		if c.bindings[i].Name == name {
			return &c.bindings[i].Spec
		}
	}
	panic("no binding " + name)
}

// remove takes a policy or its binding away.
func remove[T any, P interface {
	*T
	client.Object
}](list []T, name string) []T {
	var kept []T
	for i := range list {
		if P(&list[i]).GetName() != name {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// gateOf returns the gate of a cluster with some policies and bindings.
func gateOf(t *testing.T, cluster *inForce) *Policies {
	t.Helper()
	return gateAs(t, cluster, policy.Account)
}

// gateAs returns the gate of a manager that runs as an account.
func gateAs(t *testing.T, cluster *inForce, account string) *Policies {
	t.Helper()
	builder := fake.NewClientBuilder().WithScheme(policyScheme(t))
	for i := range cluster.policies {
		builder.WithObjects(&cluster.policies[i])
	}
	for i := range cluster.bindings {
		builder.WithObjects(&cluster.bindings[i])
	}
	gate, err := New(t.Context(), builder.Build(), account)
	if err != nil {
		t.Fatal(err)
	}
	return gate
}

func policyScheme(t *testing.T) *runtime.Scheme {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{v1alpha1.AddToScheme, admissionv1.AddToScheme, corev1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	return scheme
}

const (
	closed   = "nothing is granted while the admission policies that guard money are not in force: "
	toApply  = ": run kubectl apply --server-side -k config/policy"
	toRemake = ": run kubectl replace --force -k config/policy"
)

// weakenings are the ways in which a policy can be weakened, and what is said of them.
var weakenings = map[string]struct {
	change func(*inForce)
	want   string // empty when the gate stays open
}{
	"as applied": {change: func(*inForce) {}},
	"no policy": {
		change: func(c *inForce) { c.policies = remove(c.policies, "jointplan-payments") },
		want:   "policy jointplan-payments is missing" + toApply,
	},
	"no policies at all": {
		change: func(c *inForce) { c.policies, c.bindings = nil, nil },
		want: "policy jointplan-days is missing; policy jointplan-recorded is missing; policy jointplan-decisions is missing; and 21 more" +
			toApply,
	},
	"errors are ignored": {
		change: func(c *inForce) { c.policy("jointplan-payments").FailurePolicy = ptr.To(admissionv1.Ignore) },
		want:   "policy jointplan-payments has failurePolicy Ignore instead of Fail" + toRemake,
	},
	"the default failure policy": {change: func(c *inForce) { c.policy("jointplan-payments").FailurePolicy = nil }},
	"an expression is gone": {
		change: func(c *inForce) {
			p := c.policy("jointplan-decisions")
			p.Validations = p.Validations[:1]
		},
		want: "policy jointplan-decisions lacks the expression of validations[1] of config/policy" + toRemake,
	},
	"an expression is softer": {
		change: func(c *inForce) { c.policy("jointplan-decisions").Validations[0].Expression += " || true" },
		want:   "policy jointplan-decisions lacks the expression of validations[0] of config/policy" + toRemake,
	},
	"another expression more, in front": {change: func(c *inForce) {
		p := c.policy("jointplan-decisions")
		p.Validations = append([]admissionv1.Validation{{Expression: "object.spec.comment != ''"}}, p.Validations...)
	}},
	"another message": {change: func(c *inForce) {
		v := &c.policy("jointplan-decisions").Validations[0]
		v.Message, v.MessageExpression, v.Reason = "No.", "", ptr.To(metav1.StatusReasonInvalid)
	}},
	"a variable means something else": {
		change: func(c *inForce) { c.policy("jointplan-separation").Variables[5].Expression = "false" },
		want:   "policy jointplan-separation lacks the variable approver as config/policy has it" + toRemake,
	},
	"another variable more": {change: func(c *inForce) {
		p := c.policy("jointplan-separation")
		p.Variables = append(p.Variables, admissionv1.Variable{Name: "more", Expression: "1"})
	}},
	"a parameter": {
		change: func(c *inForce) {
			c.policy("jointplan-payments").ParamKind = &admissionv1.ParamKind{APIVersion: "v1", Kind: "ConfigMap"}
		},
		want: "policy jointplan-payments has a paramKind" + toRemake,
	},
	"a match condition": {
		change: func(c *inForce) {
			c.policy("jointplan-payments").MatchConditions = []admissionv1.MatchCondition{{Name: "not-me", Expression: "true"}}
		},
		want: "policy jointplan-payments has matchConditions, which narrow it" + toRemake,
	},
	"no match constraints": {
		change: func(c *inForce) { c.policy("jointplan-payments").MatchConstraints = nil },
		want:   "policy jointplan-payments has no matchConstraints" + toRemake,
	},
	"no rules": {
		change: func(c *inForce) { c.policy("jointplan-payments").MatchConstraints.ResourceRules = nil },
		want:   "policy jointplan-payments has matchConstraints that are narrower: CREATE of mdfclaims is not covered" + toRemake,
	},
	"no defaults": {change: func(c *inForce) {
		match := c.policy("jointplan-payments").MatchConstraints
		match.MatchPolicy, match.NamespaceSelector, match.ObjectSelector, match.ResourceRules[0].Scope = nil, nil, nil, nil
	}},
	"an operation less": {
		change: func(c *inForce) {
			c.policy("jointplan-payments").MatchConstraints.ResourceRules[0].Operations = []admissionv1.OperationType{admissionv1.Create}
		},
		want: "policy jointplan-payments has matchConstraints that are narrower: UPDATE of mdfclaims is not covered" + toRemake,
	},
	"a resource less": {
		change: func(c *inForce) {
			c.policy("jointplan-separation").MatchConstraints.ResourceRules[0].Resources = []string{"jointplans", "mdfclaims"}
		},
		want: "policy jointplan-separation has matchConstraints that are narrower: CREATE of mdfallocations is not covered" + toRemake,
	},
	"another group": {
		change: func(c *inForce) {
			c.policy("jointplan-payments").MatchConstraints.ResourceRules[0].APIGroups = []string{"example.com"}
		},
		want: "policy jointplan-payments has matchConstraints that are narrower: CREATE of mdfclaims is not covered" + toRemake,
	},
	"one version": {
		change: func(c *inForce) {
			c.policy("jointplan-payments").MatchConstraints.ResourceRules[0].APIVersions = []string{"v1alpha1"}
		},
		want: "policy jointplan-payments has matchConstraints that are narrower: CREATE of mdfclaims is not covered" + toRemake,
	},
	"one name": {
		change: func(c *inForce) {
			c.policy("jointplan-payments").MatchConstraints.ResourceRules[0].ResourceNames = []string{"fair"}
		},
		want: "policy jointplan-payments has matchConstraints that are narrower: CREATE of mdfclaims is not covered" + toRemake,
	},
	"one scope": {
		change: func(c *inForce) {
			c.policy("jointplan-payments").MatchConstraints.ResourceRules[0].Scope = ptr.To(admissionv1.ClusterScope)
		},
		want: "policy jointplan-payments has matchConstraints that are narrower: CREATE of mdfclaims is not covered" + toRemake,
	},
	"an exact match policy": {
		change: func(c *inForce) {
			c.policy("jointplan-payments").MatchConstraints.MatchPolicy = ptr.To(admissionv1.Exact)
		},
		want: "policy jointplan-payments has matchConstraints that are narrower: matchPolicy is Exact instead of Equivalent" + toRemake,
	},
	"some namespaces": {
		change: func(c *inForce) {
			c.policy("jointplan-payments").MatchConstraints.NamespaceSelector.MatchLabels = map[string]string{"a": "b"}
		},
		want: "policy jointplan-payments has matchConstraints that are narrower: a namespaceSelector" + toRemake,
	},
	"some objects": {
		change: func(c *inForce) {
			c.policy("jointplan-payments").MatchConstraints.ObjectSelector.MatchExpressions = []metav1.LabelSelectorRequirement{
				{Key: "free", Operator: metav1.LabelSelectorOpDoesNotExist},
			}
		},
		want: "policy jointplan-payments has matchConstraints that are narrower: an objectSelector" + toRemake,
	},
	"an exclusion": {
		change: func(c *inForce) {
			match := c.policy("jointplan-payments").MatchConstraints
			match.ExcludeResourceRules = match.ResourceRules
		},
		want: "policy jointplan-payments has matchConstraints that are narrower: excludeResourceRules" + toRemake,
	},
	"broader rules": {change: func(c *inForce) {
		rule := &c.policy("jointplan-payments").MatchConstraints.ResourceRules[0]
		rule.APIGroups, rule.Resources = []string{"*"}, []string{"*"}
		rule.Operations = []admissionv1.OperationType{admissionv1.OperationAll}
	}},
	"its resources in several rules": {change: func(c *inForce) {
		match := c.policy("jointplan-separation").MatchConstraints
		second := *match.ResourceRules[0].DeepCopy()
		match.ResourceRules[0].Resources, second.Resources = []string{"jointplans"}, []string{"mdfallocations", "mdfclaims", "mdfbudgets"}
		match.ResourceRules = append(match.ResourceRules, second)
	}},
	"no binding": {
		change: func(c *inForce) { c.bindings = remove(c.bindings, "jointplan-ledgers") },
		want:   "policy jointplan-ledgers has no binding" + toApply,
	},
	"a binding of another policy": {
		change: func(c *inForce) { c.binding("jointplan-ledgers").PolicyName = "other" },
		want:   "policy jointplan-ledgers has no binding" + toApply,
	},
	"a binding that warns": {
		change: func(c *inForce) {
			c.binding("jointplan-ledgers").ValidationActions = []admissionv1.ValidationAction{admissionv1.Warn, admissionv1.Audit}
		},
		want: "policy jointplan-ledgers has a binding jointplan-ledgers that does not Deny" + toRemake,
	},
	"a binding that denies and audits": {change: func(c *inForce) {
		c.binding("jointplan-ledgers").ValidationActions = []admissionv1.ValidationAction{admissionv1.Deny, admissionv1.Audit}
	}},
	"a binding with a parameter": {
		change: func(c *inForce) { c.binding("jointplan-ledgers").ParamRef = &admissionv1.ParamRef{Name: "a"} },
		want:   "policy jointplan-ledgers has a binding jointplan-ledgers with a paramRef" + toRemake,
	},
	"a binding for some namespaces": {
		change: func(c *inForce) {
			c.binding("jointplan-ledgers").MatchResources = &admissionv1.MatchResources{
				NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"a": "b"}},
			}
		},
		want: "policy jointplan-ledgers has a binding jointplan-ledgers with matchResources that are narrower: a namespaceSelector" + toRemake,
	},
	"a binding for some operations": {
		change: func(c *inForce) {
			match := c.policy("jointplan-ledgers").MatchConstraints.DeepCopy()
			match.ResourceRules[0].Operations = []admissionv1.OperationType{admissionv1.Create}
			c.binding("jointplan-ledgers").MatchResources = match
		},
		want: "policy jointplan-ledgers has a binding jointplan-ledgers with matchResources that are narrower: UPDATE of mdfledgers is not covered" + toRemake,
	},
	"a binding that leaves nothing out": {change: func(c *inForce) {
		c.binding("jointplan-ledgers").MatchResources = &admissionv1.MatchResources{NamespaceSelector: &metav1.LabelSelector{}}
	}},
	"one binding that warns and one that denies": {change: func(c *inForce) {
		second := admissionv1.ValidatingAdmissionPolicyBinding{ObjectMeta: metav1.ObjectMeta{Name: "z-warns"}, Spec: *c.binding("jointplan-ledgers")}
		c.bindings = append(c.bindings, second)
		c.binding("jointplan-ledgers").ValidationActions = []admissionv1.ValidationAction{admissionv1.Warn}
	}},
	"a policy of somebody else": {change: func(c *inForce) {
		c.policies = append(c.policies, admissionv1.ValidatingAdmissionPolicy{ObjectMeta: metav1.ObjectMeta{Name: "theirs"}})
	}},
}

func TestPolicyGate(t *testing.T) {
	t.Parallel()
	for name, tc := range weakenings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster := installed(t)
			tc.change(cluster)
			want := facts.Gate{}
			if tc.want != "" {
				want = facts.Gate{Reason: "PolicyMissing", Message: closed + tc.want}
			}
			if diff := cmp.Diff(want, gateOf(t, cluster).Gate()); diff != "" {
				t.Errorf("the gate (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPoliciesNameTheManagersAccount has a manager run as another account than the one that the manifests name.
func TestPoliciesNameTheManagersAccount(t *testing.T) {
	t.Parallel()
	const account = "system:serviceaccount:channel:plans"
	naming := installed(t)
	expected := policySet(naming.policies)
	expected.name(account)
	toRename := ": install the policies so that they name the account of this manager, " + account +
		", as the Helm chart does, or run the manager as " + policy.Account
	for name, tc := range map[string]struct {
		cluster *inForce
		want    string
	}{
		"they do": {cluster: naming},
		"they name another": {
			cluster: installed(t),
			want: "policy jointplan-ledgers lacks the expression of validations[0] of config/policy; " +
				"policy jointplan-revisions lacks the expression of validations[0] of config/policy" + toRename,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := facts.Gate{}
			if tc.want != "" {
				want = facts.Gate{Reason: "PolicyMissing", Message: closed + tc.want}
			}
			if diff := cmp.Diff(want, gateAs(t, tc.cluster, account).Gate()); diff != "" {
				t.Errorf("the gate (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEveryPolicyGuardsTheGate takes each policy and each of its parts away in turn.
func TestEveryPolicyGuardsTheGate(t *testing.T) {
	t.Parallel()
	for _, p := range installed(t).policies {
		if !strings.HasPrefix(p.Name, Prefix) {
			t.Errorf("changes of %s are not noticed", p.Name)
		}
		for name, change := range map[string]func(*inForce){
			"policy":  func(c *inForce) { c.policies = remove(c.policies, p.Name) },
			"binding": func(c *inForce) { c.bindings = remove(c.bindings, p.Name) },
			"rule": func(c *inForce) {
				match := c.policy(p.Name).MatchConstraints
				match.ResourceRules = match.ResourceRules[1:]
			},
		} {
			cluster := installed(t)
			change(cluster)
			if gate := gateOf(t, cluster).Gate(); !strings.Contains(gate.Message, "policy "+p.Name+" ") {
				t.Errorf("without the %s of %s the gate says %q", name, p.Name, gate.Message)
			}
		}
		for i := range p.Spec.Validations {
			cluster := installed(t)
			cluster.policy(p.Name).Validations[i].Expression = "true"
			if gate := gateOf(t, cluster).Gate(); gate.Reason == "" {
				t.Errorf("without validations[%d] of %s the gate is open", i, p.Name)
			}
		}
	}
}

func TestGateIsClosedWhilePoliciesCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, kind := range []client.ObjectList{&admissionv1.ValidatingAdmissionPolicyList{}, &admissionv1.ValidatingAdmissionPolicyBindingList{}} {
		reader := interceptor.NewClient(fake.NewClientBuilder().WithScheme(policyScheme(t)).Build(), interceptor.Funcs{
			List: func(ctx context.Context, c client.WithWatch, list client.ObjectList, options ...client.ListOption) error {
				if cmp.Equal(kind, list) {
					return errors.New("forbidden")
				}
				return c.List(ctx, list, options...)
			},
		})
		gate, err := New(t.Context(), reader, policy.Account)
		if err != nil {
			t.Fatal(err)
		}
		want := facts.Gate{
			Reason: "PolicyMissing", Message: closed + "the policies cannot be read (forbidden): see that the manager may list them",
		}
		if diff := cmp.Diff(want, gate.Gate()); diff != "" {
			t.Errorf("the gate (-want +got):\n%s", diff)
		}
	}
}

func TestExpectedPoliciesSayWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	_, err := expectedPolicies(fstest.MapFS{"bad.yaml": {Data: []byte("kind: [")}})
	if err == nil || !strings.Contains(err.Error(), "config/policy/bad.yaml") {
		t.Errorf("expectedPolicies() says %v", err)
	}
}
