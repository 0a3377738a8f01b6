package snapshot_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

func aRevisionOf(name string, plan, partner v1alpha1.Name) *v1alpha1.PlanRevision {
	revision := aRevision(name, plan)
	revision.Spec.Terms.PartnerRef.Name = partner
	return revision
}

func anAllocation(name string, plan, budget v1alpha1.Name) *v1alpha1.MDFAllocation {
	x := &v1alpha1.MDFAllocation{ObjectMeta: meta(name)}
	x.Spec.PlanRef.Name, x.Spec.BudgetRef.Name = plan, budget
	return x
}

func aClaim(name string, on v1alpha1.Name) *v1alpha1.MDFClaim {
	x := &v1alpha1.MDFClaim{ObjectMeta: meta(name)}
	x.Spec.AllocationRef.Name = on
	return x
}

func aClaimOf(name string, on, invoice v1alpha1.Name) *v1alpha1.MDFClaim {
	c := aClaim(name, on)
	c.Spec.Costs = []v1alpha1.ClaimedCost{{Invoice: v1alpha1.Word(invoice)}}
	return c
}

// twoPartners are acme and bolt in one namespace, each with one object of every kind that hangs on a partner.
func twoPartners() *kinds.Objects {
	all := &kinds.Objects{}
	for _, of := range []string{"acme", "bolt"} {
		name := v1alpha1.Name(of)
		for _, x := range []kinds.Object{
			aPartner(of, "northwind"), aPlan(of+"-plan", name), aRevisionOf(of+"-kept", name+"-plan", name), aCampaign(of+"-fair", name+"-plan"),
			aSet(of+"-figures", v1alpha1.SubjectPartner, name), aSet(of+"-leads", v1alpha1.SubjectCampaign, name+"-fair"),
			aDecision(of+"-yes", kinds.JointPlan, name+"-plan"), anAllocation(of+"-request", name+"-plan", "fy27"),
			aDecision(of+"-granted", kinds.MDFAllocation, name+"-request"), aClaim(of+"-claim", name+"-request"),
			aDecision(of+"-accepted", kinds.MDFClaim, name+"-claim"),
		} {
			all.Add(x)
		}
	}
	return all
}

// namesOf returns the kinds and names of objects, sorted.
func namesOf(objects *kinds.Objects) []string {
	var names []string
	for _, x := range objects.All() {
		names = append(names, kinds.Of(x).Name+" "+x.GetName())
	}
	slices.Sort(names)
	return names
}

func gathered(t interface{ Fatal(...any) }, in *kinds.Objects, of kinds.Object, scope snapshot.Scope) []string {
	unit, err := snapshot.Gather(snapshot.NewMemory(in), of, scope)
	if err != nil {
		t.Fatal(err)
	}
	return namesOf(unit)
}

func TestEveryObjectGathersItsPartnerAndNobodyElses(t *testing.T) {
	all := twoPartners()
	want := slices.DeleteFunc(namesOf(all), func(name string) bool {
		var kind, of string
		_, _ = fmt.Sscan(name, &kind, &of)
		return of[:4] != "acme"
	})
	for _, x := range all.All() {
		if x.GetName()[:4] != "acme" {
			continue
		}
		if diff := cmp.Diff(want, gathered(t, all, x, snapshot.Everything)); diff != "" {
			t.Errorf("from %s (-want +got):\n%s", kinds.KeyOf(x), diff)
		}
	}
}

func TestAScopeLeavesOutTheRest(t *testing.T) {
	all := twoPartners()
	for name, tc := range map[string]struct {
		scope snapshot.Scope
		want  []string
	}{
		"plans":     {snapshot.Plans, []string{"JointPlan acme-plan", "Partner acme", "PlanRevision acme-kept"}},
		"campaigns": {snapshot.Campaigns, []string{"Campaign acme-fair", "JointPlan acme-plan", "Partner acme", "PlanRevision acme-kept"}},
		"judgement": {snapshot.Judgement, []string{
			"ApprovalDecision acme-yes", "Campaign acme-fair", "JointPlan acme-plan", "MeasurementSet acme-figures", "MeasurementSet acme-leads",
			"Partner acme", "PlanRevision acme-kept",
		}},
		"money without decisions": {snapshot.Money, []string{
			"JointPlan acme-plan", "MDFAllocation acme-request", "MDFClaim acme-claim", "Partner acme", "PlanRevision acme-kept",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, of := range []kinds.Object{aPartner("acme", ""), aCampaign("acme-fair", "acme-plan"), aClaim("acme-claim", "acme-request")} {
				if diff := cmp.Diff(tc.want, gathered(t, all, of, tc.scope)); diff != "" {
					t.Errorf("from %s (-want +got):\n%s", kinds.KeyOf(of), diff)
				}
			}
		})
	}
}

func TestAPlanThatMovedJoinsTwoPartners(t *testing.T) {
	all := twoPartners()
	all.Add(aRevisionOf("bolt-before", "bolt-plan", "acme"))
	if got := gathered(t, all, aPartner("acme", ""), snapshot.Plans); !slices.Contains(got, "Partner bolt") || !slices.Contains(got, "JointPlan bolt-plan") {
		t.Errorf("acme gathers %v, want also bolt, whose plan was acme's", got)
	}
}

func TestWhatNamesNothingIsFoundWithAllThatNamesTheSame(t *testing.T) {
	all := &kinds.Objects{}
	for _, x := range []kinds.Object{aPlan("a", "gone"), aPlan("b", "gone"), aPlan("c", "other"), aClaim("x", "lost"), aClaim("y", "lost")} {
		all.Add(x)
	}
	for of, want := range map[kinds.Object][]string{
		all.Plans[0]: {"JointPlan a", "JointPlan b"}, all.Plans[2]: {"JointPlan c"}, all.Claims[1]: {"MDFClaim x", "MDFClaim y"},
		aPartner("gone", ""): {"JointPlan a", "JointPlan b"}, // it was deleted
	} {
		if diff := cmp.Diff(want, gathered(t, all, of, snapshot.Everything)); diff != "" {
			t.Errorf("from %s (-want +got):\n%s", kinds.KeyOf(of), diff)
		}
	}
}

// TestAClaimWhoseRequestIsGoneJoinsThoseOfItsInvoices: nobody can tell whose it is, and an invoice must not be paid twice.
func TestAClaimWhoseRequestIsGoneJoinsThoseOfItsInvoices(t *testing.T) {
	claim := func(name string, on v1alpha1.Name, invoices ...v1alpha1.Word) *v1alpha1.MDFClaim {
		c := aClaim(name, on)
		for _, invoice := range invoices {
			c.Spec.Costs = append(c.Spec.Costs, v1alpha1.ClaimedCost{Invoice: invoice})
		}
		return c
	}
	all := &kinds.Objects{}
	for _, x := range []kinds.Object{
		aPartner("acme", ""), aPlan("acme-plan", "acme"), anAllocation("acme-request", "acme-plan", "fy27"), claim("acme-claim", "acme-request", "8", "17"),
		aPartner("bolt", ""), aPlan("bolt-plan", "bolt"), anAllocation("bolt-request", "bolt-plan", "fy27"), claim("bolt-claim", "bolt-request", "8"),
		claim("lost", "gone", "17"), claim("other", "gone too", "9"),
	} {
		all.Add(x)
	}
	want := []string{"JointPlan acme-plan", "MDFAllocation acme-request", "MDFClaim acme-claim", "MDFClaim lost", "Partner acme"}
	for _, of := range []kinds.Object{all.Partners[0], all.Claims[0], all.Claims[2]} {
		if diff := cmp.Diff(want, gathered(t, all, of, snapshot.Everything)); diff != "" {
			t.Errorf("from %s (-want +got):\n%s", kinds.KeyOf(of), diff)
		}
	}
	all.Plans = all.Plans[1:] // acme's request has no plan any more, so its claim is nobody's either
	if got := gathered(t, all, all.Claims[1], snapshot.Everything); !slices.Contains(got, "MDFClaim acme-claim") {
		t.Errorf("bolt gathers %v, want the claim of its invoice 8 that is nobody's", got)
	}
}

// broken is a source that fails.
type broken struct{ calls int }

func (b *broken) Get(string, v1alpha1.Name) (kinds.Object, error) {
	b.calls++
	return nil, errors.New("no such cache")
}

func (b *broken) Find(*kinds.Reference, string) (*kinds.Objects, error) {
	b.calls++
	return nil, errors.New("no such cache")
}

func (b *broken) Shared(*kinds.Reference, string) (bool, error) {
	b.calls++
	return false, errors.New("no such cache")
}

func TestASourceThatFailsIsAskedOnce(t *testing.T) {
	source := &broken{}
	if _, err := snapshot.Gather(source, aPlan("a", "acme"), snapshot.Everything); err == nil || source.calls != 1 {
		t.Errorf("error %v after %d calls, want one of the first call", err, source.calls)
	}
}

// TestUnitsDivide: whatever names whatever, each object is in one unit, and gathers that unit.
// fromRoot gathers from what an object hangs on.
func fromRoot(t *rapid.T, in *snapshot.Memory, of kinds.Object) *kinds.Objects {
	root, partner, err := snapshot.RootOf(in, of)
	if err != nil {
		t.Fatal(err)
	}
	if there, _ := in.Get(root.Kind, root.Name); partner != (root.Kind == kinds.Partner && there != nil) {
		t.Fatalf("%s hangs on %v: a partner that is there is %t", kinds.KeyOf(of), root, partner)
	}
	found, err := snapshot.GatherRoot(in, root, snapshot.Everything)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestUnitsDivide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := func(what string) v1alpha1.Name {
			return v1alpha1.Name(rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, what))
		}
		all := &kinds.Objects{}
		for i := range rapid.IntRange(0, 16).Draw(t, "objects") {
			own := fmt.Sprintf("%s%d", name("own"), i)
			if rapid.Bool().Draw(t, "is named") {
				own = string(name("own"))
			}
			x := rapid.SampledFrom([]kinds.Object{
				aPartner(own, "northwind"), aPlan(own, name("partner")), aRevisionOf(own, name("plan"), name("partner")), aCampaign(own, name("plan")),
				aSet(own, v1alpha1.SubjectKind(rapid.SampledFrom([]string{"Partner", "JointPlan", "Campaign", "Nothing"}).Draw(t, "subject")), name("subject")),
				aDecision(own, rapid.SampledFrom([]string{"JointPlan", "MDFAllocation", "MDFClaim", "Nothing"}).Draw(t, "target"), name("target")),
				anAllocation(own, name("plan"), "fy27"), aClaim(own, name("request")), aClaimOf(own, name("request"), name("invoice")),
			}).Draw(t, "object")
			if !slices.ContainsFunc(kinds.Of(x).In(all), func(y kinds.Object) bool { return y.GetName() == own }) {
				all.Add(x)
			}
		}
		memory, placed := snapshot.NewMemory(all), []string{}
		for _, unit := range memory.Units() {
			of := namesOf(unit)
			placed = append(placed, of...)
			for _, x := range unit.All() {
				got := gathered(t, all, x, snapshot.Everything)
				if len(of) > 1 || len(got) > 0 { // what is about nothing is alone
					if diff := cmp.Diff(of, got); diff != "" {
						t.Fatalf("from %s (-unit +gathered):\n%s", kinds.KeyOf(x), diff)
					}
					if diff := cmp.Diff(of, namesOf(fromRoot(t, memory, x))); diff != "" {
						t.Fatalf("from the root of %s (-unit +gathered):\n%s", kinds.KeyOf(x), diff)
					}
				}
			}
		}
		slices.Sort(placed)
		if diff := cmp.Diff(append([]string{}, namesOf(all)...), placed); diff != "" {
			t.Fatalf("all units together (-objects +placed):\n%s", diff)
		}
	})
}

// counting counts what is asked of a source.
type counting struct {
	snapshot.Source

	asked int
}

func (c *counting) Get(kind string, name v1alpha1.Name) (kinds.Object, error) {
	c.asked++
	return c.Source.Get(kind, name)
}

func (c *counting) Find(by *kinds.Reference, value string) (*kinds.Objects, error) {
	c.asked++
	return c.Source.Find(by, value)
}

func (c *counting) Shared(by *kinds.Reference, value string) (bool, error) {
	c.asked++
	return c.Source.Shared(by, value)
}

func TestEachInvoiceIsLookedUpAtMostTwice(t *testing.T) {
	for name, on := range map[string]func(i int) v1alpha1.Name{
		"all on one request": func(int) v1alpha1.Name { return "acme-request" },
		"some on none":       func(i int) v1alpha1.Name { return []v1alpha1.Name{"acme-request", "gone"}[i%2] },
	} {
		t.Run(name, func(t *testing.T) {
			ask := func(n int) int {
				all := twoPartners()
				for i := range n {
					claim := aClaim(fmt.Sprintf("acme-claim-%d", i), on(i))
					for j := range 32 { // the claims share all of their invoices
						claim.Spec.Costs = append(claim.Spec.Costs, v1alpha1.ClaimedCost{Invoice: v1alpha1.Word(fmt.Sprintf("INV-%d", j))})
					}
					all.Add(claim)
				}
				source := &counting{Source: snapshot.NewMemory(all)}
				if _, err := snapshot.Gather(source, aPartner("acme", ""), snapshot.Everything); err != nil {
					t.Fatal(err)
				}
				return source.asked
			}
			// A claim asks for the decisions on it.
			if few, many := ask(50), ask(200); many-few > 150 {
				t.Errorf("150 more claims of the same invoices ask %d times more, want once each", many-few)
			}
		})
	}
}
