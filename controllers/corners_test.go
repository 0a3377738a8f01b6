package controllers

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/gather"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

// together puts groups of objects into one list.
func together(groups ...[]client.Object) (all []client.Object) {
	for _, group := range groups {
		all = append(all, group...)
	}
	return all
}

// earned is a budget whose partners spend 3 % of their purchases, quarter by quarter and some months longer.
func earned(name string, year, months int32) client.Object {
	return testobj.Budget(name).Period(year, v1alpha1.PartYear).With(func(s *v1alpha1.MDFBudgetSpec) {
		s.Accrual = &v1alpha1.Accrual{
			Metric: "purchases", Percent: "3", Every: v1alpha1.CadenceQuarter, Spend: v1alpha1.SpendSamePeriod, CarryOverMonths: &months,
		}
	}).Obj()
}

// spent is the ledger of a budget from which EUR 1,000.00 was paid for a request.
func spent(budget, request string) client.Object {
	return testobj.Ledger(budget).Settled(testobj.Namespace+"/"+request+"/1/c", 100000).Reserved(testobj.Namespace+"/"+request+"/1", 0).Obj()
}

// lots are two budgets that spend the same lots, of EUR 1,200.00, of which request "spent" took 1,000.00 from the early one.
func lots() []client.Object {
	return together([]client.Object{
		testobj.ProgramWithPurchases(), earned("early", 2026, 6), earned("late", 2027, 6), spent("early", "spent"),
		testobj.Partner("acme").Obj(), testobj.Partner("bolt").Obj(), testobj.Purchases("2026-05-31", "40000"),
	}, approvedPlan("acme-h1", "acme"), approvedPlan("bolt-h1", "bolt"))
}

// capped is a budget of which each partner may draw EUR 5,500.00, and another; request "again" was paid from the former.
func capped() []client.Object {
	return together([]client.Object{
		testobj.Program("northwind").Obj(), testobj.Budget("fy27").Limit("cap", v1alpha1.LimitPerPartner, "5500.00").Obj(), testobj.Budget("other").Obj(),
		spent("fy27", "again"), testobj.Partner("acme").Obj(), testobj.Partner("bolt").Obj(),
	}, approvedPlan("acme-h1", "acme"), approvedPlan("bolt-h1", "bolt"))
}

// TestNothingIsMissedInTheCorners are events that concern objects which do not name what the event is about.
func TestNothingIsMissedInTheCorners(t *testing.T) {
	selector := &v1alpha1.AllowedNamespaces{
		From: v1alpha1.NamespacesFromSelector, Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"may": "use"}},
	}
	early := testobj.Budget("early").Obj()
	asksLate := approvedRequest("asks", "acme-h1", "late", "1000.00")
	boltsSpent := approvedRequest("spent", "bolt-h1", "early", "1000.00")
	again := aRequest("again", "bolt-h1", "other", "100.00")
	for name, tc := range map[string]struct {
		at      string
		objects []client.Object
		do      func(*world)
		concern kinds.Evaluated // that must be evaluated again, and say another thing than before
		says    string
	}{
		"a budget of the same lots goes, and what was spent from it with it": {
			objects: together(lots(), asksLate), do: func(w *world) { w.remove(early) },
			concern: testobj.Allocation("asks").Obj(), says: "EUR 1,000.00 is granted",
		},
		"a budget of the same lots is earned no more": {
			objects: together(lots(), asksLate), do: func(w *world) { edit(w, early, func(b *v1alpha1.MDFBudget) { b.Spec.Accrual = nil }) },
			concern: testobj.Allocation("asks").Obj(), says: "EUR 1,000.00 is granted",
		},
		"a budget of the same lots is earned by another metric": {
			objects: together(lots(), asksLate), do: func(w *world) { edit(w, early, func(b *v1alpha1.MDFBudget) { b.Spec.Accrual.Metric = "new-revenue" }) },
			concern: testobj.Allocation("asks").Obj(), says: "EUR 1,000.00 is granted",
		},
		"a budget of the same lots may be used elsewhere only": {
			objects: together(lots(), asksLate), do: func(w *world) { edit(w, early, func(b *v1alpha1.MDFBudget) { b.Spec.AllowedNamespaces = selector }) },
			concern: testobj.Allocation("asks").Obj(), says: "EUR 1,000.00 is granted",
		},
		"another partner's request that was paid from the same lots goes": {
			objects: together(lots(), boltsSpent, approvedRequest("asks", "acme-h1", "late", "1200.01")), do: func(w *world) { w.remove(boltsSpent[0]) },
			concern: testobj.Allocation("asks").Obj(), says: "EUR 200.00",
		},
		"the plan of another partner's request that was paid from the same lots goes": {
			objects: together(lots(), boltsSpent, approvedRequest("asks", "acme-h1", "late", "1200.01")),
			do:      func(w *world) { w.remove(testobj.Plan("bolt-h1").Obj()) },
			concern: testobj.Allocation("asks").Obj(), says: "EUR 200.00",
		},
		"a request that was gone comes again, of another partner and on another budget": {
			objects: together(capped(), approvedRequest("asks", "acme-h1", "fy27", "5000.00")), do: func(w *world) { w.create(again) },
			concern: testobj.Allocation("asks").Obj(), says: "EUR 5,000.00 is granted",
		},
		"and goes once more": {
			objects: together(capped(), approvedRequest("asks", "acme-h1", "fy27", "6000.00"), []client.Object{again}), do: func(w *world) { w.remove(again) },
			concern: testobj.Allocation("asks").Obj(), says: "EUR 4,500.00",
		},
		"the partner from whom a plan moved goes": {
			objects: together([]client.Object{
				testobj.Program("northwind").Obj(), testobj.Partner("acme").Tier("gold", "2026-01-01").Obj(), testobj.Partner("bolt").Tier("gold", "2026-01-01").Obj(),
			}, approvedPlan("bolt-h1", "bolt")),
			do: func(w *world) {
				edit(w, testobj.Plan("bolt-h1").Obj(), func(p *v1alpha1.JointPlan) { p.Spec.PartnerRef.Name = "acme" })
				w.settle()
				w.remove(testobj.Partner("bolt").Obj())
			},
		},
		"the plan of a request moves to a partner of another program, which asks for fewer approvers": {
			objects: together([]client.Object{
				testobj.Program("northwind").Obj(), testobj.Program("southwind").Obj(), testobj.Budget("fy27").Authority("100.00", 2).Obj(), testobj.Partner("acme").Obj(),
				testobj.Partner("bolt").With(func(s *v1alpha1.PartnerSpec) { s.ProgramRef.Name = "southwind" }).Obj(), approvedPlan("acme-h1", "acme")[0],
			}, approvedRequest("asks", "acme-h1", "fy27", "5000.00")),
			do: func(w *world) {
				edit(w, testobj.Plan("acme-h1").Obj(), func(p *v1alpha1.JointPlan) { p.Spec.PartnerRef.Name = "bolt" })
			},
			concern: &v1alpha1.ApprovalDecision{ObjectMeta: metav1.ObjectMeta{Name: "asks-grant", Namespace: testobj.Namespace}}, says: "the current revision is approved",
		},
		"the namespace of a suspended partner may not use the program any more": {
			objects: []client.Object{
				&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: testobj.Namespace, Labels: map[string]string{"may": "use"}}},
				testobj.Program("northwind").With(func(s *v1alpha1.PartnerProgramSpec) { s.AllowedNamespaces = selector }).Obj(),
				suspended(testobj.Partner("acme").Obj()),
			},
			do: func(w *world) {
				edit(w, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: testobj.Namespace}}, namespaceLabel(nil))
			},
		},
		"the ledger of a budget that is gone is restored, and says the currency of claims": {
			at: "2026-11-05T10:00:00+01:00",
			objects: together([]client.Object{
				testobj.Program("northwind").Obj(), testobj.Partner("acme").Obj(), testobj.Claim("one", "first").Claimed("2026-10-20").Cost("17", "4000.00").Obj(),
				testobj.InPart(testobj.MoneyDecision("one-ok", kinds.MDFClaim, "one",
					facts.ClaimRevision(&testobj.Claim("one", "first").Claimed("2026-10-20").Cost("17", "4000.00").Obj().Spec),
					v1alpha1.DecisionApprovedInPart, "vera", "2026-10-21T12:00:00Z"), "1000.00", "EUR"),
			}, approvedPlan("acme-h1", "acme"), approvedRequest("first", "acme-h1", "fy27", "2000.00")),
			do:      func(w *world) { w.create(testobj.Ledger("fy27").Reserved(testobj.Namespace+"/first/1", 200000).Obj()) },
			concern: &v1alpha1.ApprovalDecision{ObjectMeta: metav1.ObjectMeta{Name: "one-ok", Namespace: testobj.Namespace}}, says: "the current revision is approved",
		},
		"a cache that had lost its watch says of a decision that it is another one of the same name": {
			objects: together([]client.Object{testobj.Program("northwind").Obj(), testobj.Partner("acme").Tier("gold", "2026-01-01").Obj()}, approvedPlan("acme-h1", "acme")),
			do: func(w *world) {
				was := w.read(approvedPlan("acme-h1", "acme")[1])
				is, _ := was.DeepCopyObject().(*v1alpha1.ApprovalDecision)
				is.Spec.Decision, is.UID, is.ResourceVersion = v1alpha1.DecisionReturned, types.UID("another"), ""
				w.must(w.people.Delete(w.Context(), was))
				w.must(w.people.Create(w.Context(), is))
				w.updated(was, w.read(is))
			},
			concern: testobj.Plan("acme-h1").Obj(), says: "the vendor returned it",
		},
	} {
		t.Run(name, func(t *testing.T) {
			at := tc.at
			if at == "" {
				at = "2026-08-05T10:00:00+02:00"
			}
			w := newWorld(t, at)
			w.create(tc.objects...)
			w.settle()
			w.resync()
			w.run()
			if got := w.written(); len(got) > 0 {
				t.Fatalf("not at rest before: %v", got)
			}
			tc.do(w)
			w.settle()
			w.resync()
			w.run()
			if missed := w.written(); len(missed) > 0 {
				t.Errorf("missed %v", missed)
			}
			if tc.concern == nil {
				return
			}
			if text := w.told(tc.concern); !strings.Contains(text, tc.says) {
				t.Errorf("%s says %q, want %q", nameOf(tc.concern), text, tc.says)
			}
		})
	}
}

// told are the messages of an object's conditions.
func (w *world) told(object kinds.Evaluated) string {
	var messages []string
	for _, c := range get(w, object).Common().Conditions {
		messages = append(messages, c.Message)
	}
	return strings.Join(messages, "\n")
}

func suspended(partner *v1alpha1.Partner) *v1alpha1.Partner {
	partner.Annotations = map[string]string{v1alpha1.AnnotationSuspend: "true"}
	return partner
}

// TestAnInvoiceIsNotPaidAgainAfterItsRequestIsGone: nobody can tell any more whose the claim is, so it counts for whoever lists its invoice.
func TestAnInvoiceIsNotPaidAgainAfterItsRequestIsGone(t *testing.T) {
	w := newWorld(t, "2026-11-05T10:00:00+01:00")
	w.create(together([]client.Object{testobj.Program("northwind").Obj(), testobj.Budget("fy27").Obj(), testobj.Partner("acme").Obj()},
		approvedPlan("acme-h1", "acme"), approvedRequest("first", "acme-h1", "fy27", "2000.00"), approvedRequest("second", "acme-h1", "fy27", "2000.00"))...)
	claim := func(name, request string, day v1alpha1.Date) *v1alpha1.MDFClaim {
		c := testobj.Claim(name, v1alpha1.Name(request)).Claimed(day).Cost("17", "4000.00").Obj()
		w.create(c, testobj.MoneyDecision(name+"-ok", kinds.MDFClaim, name, facts.ClaimRevision(&c.Spec), v1alpha1.DecisionApproved, "vera", string(day)+"T12:00:00Z"))
		w.settle()
		edit(w, c, func(c *v1alpha1.MDFClaim) {
			c.Spec.Payments = []v1alpha1.Payment{testobj.Payment("T-"+name, day, "2000.00")}
		})
		w.settle()
		return c
	}
	one := claim("one", "first", "2026-10-20")
	if got := w.condition(one, v1alpha1.ConditionSettled); !strings.Contains(got, "True") {
		t.Fatalf("the first claim is not settled: %s", got)
	}
	w.remove(testobj.Allocation("first").Obj()) // with the verb purge
	w.settle()
	two := claim("two", "second", "2026-10-22")
	if got := w.condition(two, v1alpha1.ConditionAccepted); !containsText(got, "DuplicateInvoice", `MDFClaim "one"`) {
		t.Errorf("the second claim of the invoice: %s", got)
	}
	if got := get(w, testobj.Ledger("fy27").Obj()).Spec.Settled; len(got) != 1 {
		t.Errorf("settled: %v", got)
	}
}

// TestWhatARequestTookFromALotIsKnownWhenItIsGone: the day of its approval tells from which lot it took.
func TestWhatARequestTookFromALotIsKnownWhenItIsGone(t *testing.T) {
	w := newWorld(t, "2026-08-05T10:00:00+02:00")
	asks := testobj.Allocation("asks").On("acme-h1", "late").Obj()
	first := approvedRequest("spent", "acme-h1", "early", "1000.00")
	granted, _ := first[1].(*v1alpha1.ApprovalDecision)
	granted.Spec.DecidedTime = metav1.NewTime(testobj.At("2026-02-04T09:00:00Z")) // when the lot of 2026-02 was valid, which has expired since
	w.create(together([]client.Object{
		testobj.ProgramWithPurchases(), earned("early", 2026, 3), earned("late", 2027, 3), spent("early", "spent"), testobj.Partner("acme").Obj(),
		testobj.Purchases("2026-02-28", "40000", "2026-05-31", "40000"),
	}, approvedPlan("acme-h1", "acme"), first, approvedRequest("asks", "acme-h1", "late", "1200.01"))...)
	w.settle()
	before := w.told(asks)
	w.remove(first[0])
	w.settle()
	if after := w.told(asks); after != before || !strings.Contains(after, "EUR 1,200.00") {
		t.Errorf("with the request:\n%s\nwithout it:\n%s", before, after)
	}
	snap, err := gather.New(gather.Through(w.people)).Snapshot(t.Context(), &queue.Turn{}, asks)
	w.must(err)
	if got := snap.Gone("spent").Decisions; len(got) != 1 || got[0].Name != granted.Name {
		t.Errorf("decisions on the request that is gone: %v", got)
	}
}
