package snapshot_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// written are objects of each kind that a partner writes, the n-th on the n-th day, and what the vendor does to act on one.
type written struct {
	most int
	new  func(name string, n int) kinds.Object
	acts map[string]func(x kinds.Object, all *kinds.Objects)
	// undated says that nothing tells when it was written.
	undated bool
	want    string
}

func dayOf(n int) v1alpha1.Date {
	return v1alpha1.Date(time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format(time.DateOnly))
}

func instantOf(n int) metav1.Time {
	return metav1.NewTime(time.Date(2020, time.January, 1, 0, 0, n, 0, time.UTC))
}

func decided(party v1alpha1.Party, kind string) func(x kinds.Object, all *kinds.Objects) {
	return func(x kinds.Object, all *kinds.Objects) {
		d := aDecision("on-"+x.GetName(), kind, v1alpha1.Name(x.GetName()))
		d.Spec.Party, d.Spec.DecidedTime = party, instantOf(99999)
		all.Add(d)
	}
}

func measured(kind v1alpha1.SubjectKind) func(x kinds.Object, all *kinds.Objects) {
	return func(x kinds.Object, all *kinds.Objects) {
		set := aSet("of-"+x.GetName(), kind, v1alpha1.Name(x.GetName()))
		set.Spec.Source = "crm"
		all.Add(set)
	}
}

func entered(key string, settled bool) func(x kinds.Object, all *kinds.Objects) {
	return func(x kinds.Object, all *kinds.Objects) {
		ledger := &v1alpha1.MDFLedger{ObjectMeta: metav1.ObjectMeta{Name: "fy27"}}
		entries := map[string]int64{fmt.Sprintf(key, x.GetNamespace(), x.GetName()): 0}
		if settled {
			ledger.Spec.Settled = entries
		} else {
			ledger.Spec.Reserved = entries
		}
		all.Add(ledger)
	}
}

func kindsWritten() map[string]written {
	return map[string]written{
		kinds.JointPlan: {
			most: 500, new: func(name string, _ int) kinds.Object { return aPlan(name, "acme") }, undated: true,
			acts: map[string]func(x kinds.Object, all *kinds.Objects){
				"decides": decided(v1alpha1.PartyVendor, kinds.JointPlan), "measures": measured(v1alpha1.SubjectJointPlan),
				"approved": func(x kinds.Object, all *kinds.Objects) {
					all.Add(aRevisionOf("kept", v1alpha1.Name(x.GetName()), "acme"))
				},
			},
			want: "partner acme has more than 500 plans that the vendor has not decided on; only the first 500 by their first submission and name are evaluated, and this is not " +
				"one of them: the partner deletes those that nobody needs, or the vendor decides on some",
		},
		kinds.Campaign: {
			most: 2000, new: func(name string, _ int) kinds.Object { return aCampaign(name, "acme-plan") }, undated: true,
			acts: map[string]func(x kinds.Object, all *kinds.Objects){"measures": measured(v1alpha1.SubjectCampaign)},
			want: "partner acme has more than 2000 campaigns without results from the vendor; only the first 2000 by name are evaluated, and this is not one of them: the partner " +
				"deletes those that nobody needs, or the vendor reports the results of some",
		},
		kinds.MeasurementSet: {
			most: 4000, undated: true,
			new: func(name string, _ int) kinds.Object {
				set := aSet(name, v1alpha1.SubjectPartner, "acme")
				set.Spec.Source = v1alpha1.SourcePartnerReported
				return set
			},
			acts: map[string]func(x kinds.Object, all *kinds.Objects){
				"reports it": func(x kinds.Object, _ *kinds.Objects) { x.(*v1alpha1.MeasurementSet).Spec.Source = "crm" },
			},
			want: "partner acme has more than 4000 measurement sets of source partner-reported; only the first 4000 by name are evaluated, and this is not one of them: the partner " +
				"deletes those that nobody needs, or puts their entries into fewer sets",
		},
		kinds.PlanReview: {
			most: 1000,
			new: func(name string, n int) kinds.Object {
				x := &v1alpha1.PlanReview{ObjectMeta: meta(name)}
				x.Spec.PlanRef.Name, x.Spec.Party, x.Spec.RecordedTime = "acme-plan", v1alpha1.PartyPartner, instantOf(n)
				return x
			},
			acts: map[string]func(x kinds.Object, all *kinds.Objects){
				"answers":    decided(v1alpha1.PartyVendor, kinds.PlanReview),
				"records it": func(x kinds.Object, _ *kinds.Objects) { x.(*v1alpha1.PlanReview).Spec.Party = v1alpha1.PartyVendor },
			},
			want: "partner acme has more than 1000 records of meetings that the vendor has not answered; only the first 1000 by spec.recordedTime and name are evaluated, and this " +
				"is not one of them: the partner deletes those that nobody needs, or the vendor answers some",
		},
		kinds.ApprovalDecision: {
			most: 2000,
			new: func(name string, n int) kinds.Object {
				x := aDecision(name, kinds.JointPlan, "acme-plan")
				x.Spec.Party, x.Spec.DecidedTime = v1alpha1.PartyPartner, instantOf(n)
				return x
			},
			acts: map[string]func(x kinds.Object, all *kinds.Objects){
				"takes it": func(x kinds.Object, _ *kinds.Objects) {
					x.(*v1alpha1.ApprovalDecision).Spec.Party = v1alpha1.PartyVendor
				},
			},
			want: "partner acme has more than 2000 decisions of its own on plans and records of meetings; only the first 2000 by spec.decidedTime and name are evaluated, and this is not one of them: the partner " +
				"deletes those that nobody needs, or has an account with the verb purge delete some",
		},
		kinds.MDFAllocation: {
			most: 500,
			new: func(name string, n int) kinds.Object {
				x := anAllocation(name, "acme-plan", "fy27")
				x.Spec.RequestedOn = dayOf(n)
				return x
			},
			acts: map[string]func(x kinds.Object, all *kinds.Objects){
				"decides": decided(v1alpha1.PartyVendor, kinds.MDFAllocation), "grants": entered("%s/%s/1", false),
			},
			want: "partner acme has more than 500 requests for money that the vendor has not decided on; only the first 500 by spec.requestedOn and name are evaluated, and this " +
				"is not one of them: the partner deletes those that nobody needs, or the vendor decides on some",
		},
		kinds.MDFClaim: {
			most: 500,
			new: func(name string, n int) kinds.Object {
				x := aClaim(name, "acme-request")
				x.Spec.ClaimedOn = dayOf(n)
				return x
			},
			acts: map[string]func(x kinds.Object, all *kinds.Objects){
				"decides": decided(v1alpha1.PartyVendor, kinds.MDFClaim), "settles": entered("%s/acme-request/1/%s", true),
				"pays": func(x kinds.Object, _ *kinds.Objects) {
					x.(*v1alpha1.MDFClaim).Spec.Payments = []v1alpha1.Payment{{Document: "T-1"}}
				},
			},
			want: "partner acme has more than 500 claims that the vendor has not decided on; only the first 500 by spec.claimedOn and name are evaluated, and this is not one of " +
				"them: the partner deletes those that nobody needs, or the vendor decides on some",
		},
	}
}

// flooded are as many objects of the partner as are evaluated, and two that come after them.
func flooded(w written, act func(x kinds.Object, all *kinds.Objects)) (first, last kinds.Object, all *kinds.Objects) {
	all = &kinds.Objects{}
	all.Add(aPartner("acme", "northwind"))
	for n := range w.most + 2 {
		x := w.new(fmt.Sprintf("z-%05d", n), n)
		if n == 0 {
			first = x
		}
		if last = x; n == w.most+1 && act != nil {
			act(x, all)
		}
		all.Add(x)
	}
	return first, last, all
}

func TestWhatIsBeyondABoundIsLeftOut(t *testing.T) {
	for kind, w := range kindsWritten() {
		t.Run(kind, func(t *testing.T) {
			first, last, all := flooded(w, nil)
			snap := snapshot.New("partner-acme", nil, *all)
			if why := snap.Beyond(last); why != w.want {
				t.Errorf("got %q\nwant %q", why, w.want)
			}
			if why := snap.Beyond(first); why != "" {
				t.Errorf("the first is left out: %s", why)
			}
		})
	}
}

func TestNothingIsLeftOutUpToABound(t *testing.T) {
	for kind, w := range kindsWritten() {
		t.Run(kind, func(t *testing.T) {
			w.most -= 2
			_, last, all := flooded(w, nil)
			if why := snapshot.New("partner-acme", nil, *all).Beyond(last); why != "" {
				t.Errorf("%d are not too many: %s", w.most+2, why)
			}
		})
	}
}

func TestWhatTheVendorActedOnIsNeverLeftOut(t *testing.T) {
	for kind, w := range kindsWritten() {
		for name, act := range w.acts {
			t.Run(kind+", the vendor "+name, func(t *testing.T) {
				_, last, all := flooded(w, act)
				if why := snapshot.New("partner-acme", nil, *all).Beyond(last); why != "" {
					t.Error(why)
				}
			})
		}
	}
}

// TestALaterObjectPushesOutNoneOfBefore: names that come first help nobody, as the days and instants are those of the writing.
func TestALaterObjectPushesOutNoneOfBefore(t *testing.T) {
	for kind, w := range kindsWritten() {
		if w.undated {
			continue
		}
		t.Run(kind, func(t *testing.T) {
			old, all := w.new("z-old", 0), &kinds.Objects{}
			all.Add(old)
			for n := range w.most + 50 {
				all.Add(w.new(fmt.Sprintf("a-%05d", n), 1+n%3))
			}
			if why := snapshot.New("partner-acme", nil, *all).Beyond(old); why != "" {
				t.Error(why)
			}
		})
	}
}

func TestAPlanThatWasSubmittedComesBeforeDrafts(t *testing.T) {
	w, all := kindsWritten()[kinds.JointPlan], &kinds.Objects{}
	submitted := w.new("z-submitted", 0)
	all.Add(submitted)
	decided(v1alpha1.PartyPartner, kinds.JointPlan)(submitted, all)
	for n := range w.most {
		all.Add(w.new(fmt.Sprintf("a-%05d", n), n))
	}
	snap := snapshot.New("partner-acme", nil, *all)
	if why := snap.Beyond(submitted); why != "" {
		t.Error(why)
	}
	if last := all.Plans[w.most]; snap.Beyond(last) == "" || snap.Plan(v1alpha1.Name(last.Name)) != last || slices.Contains(snap.PlansOf("acme"), last) {
		t.Errorf("%s is to be found by its name alone", last.Name)
	}
}

func TestTheOrderOfObjectsDoesNotDecideWhatIsLeftOut(t *testing.T) {
	w := kindsWritten()[kinds.MDFClaim]
	_, last, all := flooded(w, nil)
	slices.Reverse(all.Claims)
	if why := snapshot.New("partner-acme", nil, *all).Beyond(last); why != w.want {
		t.Errorf("got %q\nwant %q", why, w.want)
	}
}

func TestThePageStatesTheBounds(t *testing.T) {
	page, err := os.ReadFile("../../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	for kind, w := range kindsWritten() {
		if row := fmt.Sprintf("| %#q | %d |", kind, w.most); !strings.Contains(string(page), row) {
			t.Errorf("docs/operations.md does not say %q", row)
		}
	}
}

// TestDecisionsOnMoneyDoNotPushOutThoseOnPlans, as the evaluation of a plan does not look at them.
func TestDecisionsOnMoneyDoNotPushOutThoseOnPlans(t *testing.T) {
	_, last, all := flooded(kindsWritten()[kinds.ApprovalDecision], nil)
	for i, x := range all.Decisions {
		if i > 0 && x != last {
			x.Spec.TargetRef.Kind = kinds.MDFClaim
		}
	}
	if why := snapshot.New("partner-acme", nil, *all).Beyond(last); why != "" {
		t.Error(why)
	}
}
