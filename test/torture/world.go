package main

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/test/bench/rig"
)

const (
	// clockStart is the instant at which the managers' clock starts: after the activity of all requests, and on the day of all claims.
	clockStart = "2026-11-02T09:00:00Z"
	// shared is the namespace of all partners, and programName and budgetName what they share.
	shared      = "partners"
	programName = "torture"
	budgetName  = "torture-fy27"
	// editor is the user name of the noisy partner's editor.
	editor = "eve@partner-0.example"
	// watched marks the objects that are measured.
	watched = "torture.example.com/watched"
)

// stage is a plane with partners that share a namespace and a budget.
type stage struct {
	*rig.Plane

	admin client.Client
}

// partnerName and planName name a partner, and its plan.
func partnerName(i int) string { return fmt.Sprintf("partner-%d", i) }

func planName(i int) v1alpha1.Name { return v1alpha1.Name(partnerName(i) + "-h1") }

// on starts a plane with a number of partners, does something and removes it.
func (t *torture) on(ctx context.Context, do func(*stage) error, flags ...string) (failure error) {
	p, err := rig.StartPlane(ctx, flags...)
	if err != nil {
		return err
	}
	defer func() {
		if err := p.Close(); failure == nil {
			failure = err
		}
	}()
	s := &stage{Plane: p, admin: p.Client}
	if err := rig.Create(ctx, s.admin, s.world(t.partners)); err != nil {
		return err
	}
	return do(s)
}

// world is a program, a budget that is more than enough, and the partners, each with an approved plan.
func (s *stage) world(partners int) []client.Object {
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: shared}}
	program := testobj.Program(programName).With(func(s *v1alpha1.PartnerProgramSpec) {
		s.Activities = []v1alpha1.Activity{{
			Type: "Webinar", ReimbursementPercent: "50", LeadTimeBusinessDays: new(int32(10)), ClaimWithinDays: new(int32(90)),
			Proofs: []v1alpha1.ProofType{"Invoice"},
		}}
	}).Rules(func(r *v1alpha1.RuleSet) {
		r.Approval = &v1alpha1.ApprovalPolicy{Parties: []v1alpha1.Party{v1alpha1.PartyVendor}}
	}).Obj()
	budget := testobj.Budget(budgetName).Amount("90000000.00", "EUR").With(func(s *v1alpha1.MDFBudgetSpec) { s.ProgramRef.Name = programName }).Obj()
	objects := []client.Object{namespace, program, budget}
	for i := range partners {
		objects = append(objects, testobj.Partner(partnerName(i)).Tier("silver", "2026-01-01").With(func(s *v1alpha1.PartnerSpec) {
			s.ProgramRef.Name = programName
			s.Agreement = &v1alpha1.Agreement{SignedOn: "2025-01-01"}
		}).Obj())
	}
	for i := range partners {
		p := testobj.Plan(string(planName(i))).Activity("autumn-webinar", "Webinar").Goal("leads", "qualified-leads", "100").With(
			func(s *v1alpha1.JointPlanSpec) { s.PartnerRef.Name = v1alpha1.Name(partnerName(i)) }).Obj()
		objects = append(objects, p, testobj.Decision(p.Name+"-vera", p.Name, plan.Revision(&p.Spec.PlanTerms), v1alpha1.PartyVendor,
			v1alpha1.DecisionApproved, "2026-06-20T10:00:00Z"))
	}
	for _, object := range objects {
		tidy(object)
	}
	return objects
}

// tidy makes an object of the tests' builders one that can be created.
func tidy(object client.Object) {
	object.SetGeneration(0)
	object.SetUID("")
	object.SetResourceVersion("")
	switch object.(type) {
	case *corev1.Namespace, *v1alpha1.PartnerProgram, *v1alpha1.MDFBudget, *rbacv1.ClusterRole:
		object.SetNamespace("")
	default:
		object.SetNamespace(shared)
	}
}

// request is a request of a partner for EUR 500.00, half of the cost.
func request(name string, partner int) *v1alpha1.MDFAllocation {
	r := testobj.Allocation(name).On(planName(partner), budgetName).Asks("EUR", "1000.00", "50", "500.00").Obj()
	tidy(r)
	return r
}

// claim is a claim on a request with a number of invoices of EUR 10.00 net each.
func claim(name string, on v1alpha1.Name, costs int) *v1alpha1.MDFClaim {
	b := testobj.Claim(name, on).Proof("Invoice", v1alpha1.Note("https://files.example.com/"+name))
	for i := range costs {
		b.Cost(v1alpha1.Word(fmt.Sprintf("INV-%s-%d", name, i)), "10.00")
	}
	tidy(b.Obj())
	return b.Obj()
}

// approved is the decision that approves a request or claim.
func approved(object client.Object) *v1alpha1.ApprovalDecision {
	var d *v1alpha1.ApprovalDecision
	switch o := object.(type) {
	case *v1alpha1.MDFAllocation:
		d = testobj.MoneyDecision(o.Name+"-fay", "MDFAllocation", o.Name, facts.RequestRevision(&o.Spec), v1alpha1.DecisionApproved, "fay", "2026-08-10T10:00:00Z")
	case *v1alpha1.MDFClaim:
		d = testobj.MoneyDecision("c-"+o.Name+"-fay", "MDFClaim", o.Name, facts.ClaimRevision(&o.Spec), v1alpha1.DecisionApproved, "fay", "2026-11-02T08:30:00Z")
	default:
		panic(fmt.Sprintf("%T is not approved", object))
	}
	tidy(d)
	return d
}

// tenant returns a client of the noisy partner's editor: its role, and the verb backdate, as the days of the story are in the past.
func (s *stage) tenant(ctx context.Context) (client.Client, error) {
	backdate := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "torture-backdate"}, Rules: []rbacv1.PolicyRule{{
		APIGroups: []string{v1alpha1.GroupVersion.Group}, Resources: []string{"mdfallocations", "mdfclaims"}, Verbs: []string{"backdate"},
	}}}
	objects := []client.Object{backdate}
	for _, role := range []string{"jointplan-partner-editor", backdate.Name} {
		objects = append(objects, &rbacv1.RoleBinding{
			ObjectMeta: metav1.ObjectMeta{Name: "eve-" + role, Namespace: shared},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role},
			Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: "User", Name: editor}},
		})
	}
	if err := rig.Create(ctx, s.admin, objects); err != nil {
		return nil, err
	}
	config := rest.CopyConfig(s.Admin)
	config.Impersonate = rest.ImpersonationConfig{UserName: editor}
	return client.New(config, client.Options{Scheme: rig.Scheme()})
}
