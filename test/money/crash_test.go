package money

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

// flow is something that happens to money, in the course of which the manager writes.
type flow struct {
	at      string         // the instant at which it begins
	prepare func(w *world) // what was before
	happens func(w *world) // what people or the clock do
	check   func(w *world) // what must have come of it
}

// granted creates a request that is approved, and with it the ledger's entry.
func (w *world) granted(builders ...*testobj.AllocationBuilder) {
	w.Helper()
	var objects []client.Object
	for i, b := range builders {
		a := b.Obj()
		objects = append(objects, a, w.approval(a.Name, a, fmt.Sprintf("2026-08-10T10:00:%02dZ", i)))
	}
	w.putAll(objects...)
}

// claimed creates a claim that is approved.
func (w *world) claimed(b *testobj.ClaimBuilder) {
	w.Helper()
	c := b.Obj()
	w.putAll(c, w.claimApproval("claim-"+c.Name, c, "2026-11-02T08:00:00Z"))
}

func (w *world) pay(claim, id string, amount v1alpha1.Decimal) {
	w.Helper()
	change(w, &v1alpha1.MDFClaim{}, claim, func(c *v1alpha1.MDFClaim) {
		c.Spec.Payments = []v1alpha1.Payment{testobj.Payment(id, "2026-11-02", amount)}
	})
}

func (w *world) budgetAmount(amount v1alpha1.Decimal) {
	w.Helper()
	change(w, &v1alpha1.MDFBudget{}, string(w.budget), func(b *v1alpha1.MDFBudget) { b.Spec.Amount.Amount = amount })
}

// holds checks what the ledger has reserved and settled, by the names of requests and claims.
func (w *world) holds(reserved, settled map[string]int64) {
	w.Helper()
	ledger := w.Ledger(string(w.budget))
	if ledger == nil {
		w.Error("there is no ledger")
		return
	}
	short := func(entries map[string]int64) map[string]int64 {
		named := map[string]int64{}
		for key, amount := range entries {
			parts := strings.Split(key, "/")
			if len(parts) == 4 {
				parts = append(parts[:1], parts[3])
			}
			if parts[len(parts)-1] == "1" {
				parts = parts[:2]
			}
			named[strings.Join(parts[1:], "/")] = amount
		}
		return named
	}
	if diff := cmp.Diff(reserved, short(ledger.Spec.Reserved)); diff != "" {
		w.Errorf("reserved (-want +got):\n%s", diff)
	}
	if settled == nil {
		settled = map[string]int64{}
	}
	if diff := cmp.Diff(settled, short(ledger.Spec.Settled)); diff != "" {
		w.Errorf("settled (-want +got):\n%s", diff)
	}
}

// rewards lets the budget pay a rebate, of which the partner has earned EUR 2,000.00, and returns a request for it.
func (w *world) rewards() *testobj.AllocationBuilder {
	w.Helper()
	change(w, &v1alpha1.MDFBudget{}, string(w.budget), func(b *v1alpha1.MDFBudget) {
		b.Spec.Rewards = testobj.Budget("x").Rewards(func(r *v1alpha1.RewardRule) { r.Goal = v1alpha1.RewardGoalOptional }).Obj().Spec.Rewards
	})
	results := testobj.Measurements("acme-crm", v1alpha1.SubjectPartner, "acme").Entry("new-revenue", "2026-09-30", "120000").Obj()
	results.Namespace = w.namespace
	w.put(results)
	return w.request("rebate").Reward("growth-rebate", v1alpha1.PartQ1, "2000.00", "2026-10-12")
}

func flows() map[string]flow {
	return map[string]flow{
		"grant of a reward": {
			afterActivity,
			func(w *world) { w.put(w.rewards().Obj()) },
			func(w *world) {
				rebate := w.request("rebate").Reward("growth-rebate", v1alpha1.PartQ1, "2000.00", "2026-10-12").Obj()
				w.put(w.approval("rebate", rebate, "2026-10-13T10:00:00Z"))
			},
			func(w *world) {
				w.holds(amounts{"rebate": 200000}, nil)
				if noted := w.Ledger(string(w.budget)).Spec.Rewards; len(noted) != 1 {
					w.Errorf("the ledger notes the rewards %v, want that of the request", noted)
				}
			},
		},
		"settlement of a reward": {
			afterActivity,
			func(w *world) {
				rebate := w.rewards().Obj()
				w.putAll(rebate, w.approval("rebate", rebate, "2026-10-13T10:00:00Z"))
				claim := testobj.Claim("payout", "rebate")
				claim.Obj().Namespace = w.namespace
				w.claimed(claim)
			},
			func(w *world) { w.pay("payout", "T-1", "2000.00") },
			func(w *world) { w.holds(amounts{"rebate": 0}, amounts{"payout": 200000}) },
		},
		"grant": {
			beforeActivity,
			func(w *world) { w.put(w.request("fair").Obj()) },
			func(w *world) { w.put(w.approval("fair", w.request("fair").Obj(), "2026-08-10T10:00:00Z")) },
			func(w *world) { w.holds(amounts{"fair": 500000}, nil) },
		},
		"grant of a part": {
			beforeActivity,
			func(w *world) {
				w.granted(w.euros("first", "30000.00", "15000.00"))
				w.put(w.euros("second", "18000.00", "9000.00").AtLeast("5000.00").Obj())
			},
			func(w *world) {
				w.put(w.approval("second", w.euros("second", "18000.00", "9000.00").AtLeast("5000.00").Obj(), "2026-08-11T10:00:00Z"))
			},
			func(w *world) { w.holds(amounts{"first": 1500000, "second": 500000}, nil) },
		},
		"claim": {
			afterActivity,
			func(w *world) { w.granted(w.request("fair")) },
			func(w *world) { w.claimed(w.claim("print", "fair", "6000.00")) },
			func(w *world) { w.holds(amounts{"fair": 500000}, nil) },
		},
		"settlement": {
			afterActivity,
			func(w *world) {
				w.granted(w.request("fair"))
				w.claimed(w.claim("print", "fair", "6000.00"))
			},
			func(w *world) { w.pay("print", "T-1", "3000.00") },
			func(w *world) { w.holds(amounts{"fair": 200000}, amounts{"print": 300000}) },
		},
		"release after the window": {
			beforeActivity,
			func(w *world) { w.granted(w.request("fair")) },
			func(w *world) { w.step("2027-01-18T00:00:00+01:00") },
			func(w *world) { w.holds(amounts{"fair": 0}, nil) },
		},
		"withdrawal": {
			beforeActivity,
			func(w *world) { w.granted(w.request("fair")) },
			func(w *world) {
				change(w, &v1alpha1.MDFAllocation{}, "fair", func(a *v1alpha1.MDFAllocation) { a.Spec.WithdrawnOn = "2026-09-01" })
			},
			func(w *world) { w.holds(amounts{"fair": 0}, nil) },
		},
		"revocation of the approval": {
			beforeActivity,
			func(w *world) { w.granted(w.request("fair")) },
			func(w *world) {
				w.put(w.decision("no", "MDFAllocation", "fair", facts.RequestRevision(&w.request("fair").Obj().Spec), v1alpha1.DecisionRejected,
					"2026-09-01T07:00:00Z", w.namespace))
			},
			func(w *world) { w.holds(amounts{"fair": 0}, nil) },
		},
		"budget raised": {
			beforeActivity,
			func(w *world) {
				w.granted(w.euros("first", "30000.00", "15000.00"), w.euros("second", "18000.00", "9000.00"))
			},
			func(w *world) { w.budgetAmount("30000.00") },
			func(w *world) { w.holds(amounts{"first": 1500000, "second": 900000}, nil) },
		},
		"budget cut": {
			beforeActivity,
			func(w *world) { w.granted(w.euros("first", "30000.00", "15000.00"), w.request("second")) },
			func(w *world) { w.budgetAmount("16000.00") },
			func(w *world) { w.holds(amounts{"first": 1500000, "second": 0}, nil) },
		},
		"rebuilding of the ledger": {
			afterActivity,
			func(w *world) {
				w.granted(w.request("fair"), w.request("web"))
				w.claimed(w.claim("print", "fair", "6000.00"))
				w.rest()
				w.pay("print", "T-1", "3000.00")
				w.rest()
				w.loseLedger()
			},
			func(w *world) { w.recover("2026-11-02T09:00:00Z") },
			func(w *world) { w.holds(amounts{"fair": 200000, "web": 500000}, amounts{"print": 300000}) },
		},
	}
}

// loseLedger deletes the ledger, and waits until that is seen.
func (w *world) loseLedger() {
	w.Helper()
	ledger := w.Ledger(string(w.budget)).DeepCopy()
	w.removeLedger(w.Context(), ledger)
	w.AwaitDeletion(w, ledger)
}

// recover authorises that the ledger is rebuilt.
func (w *world) recover(on string) {
	w.Helper()
	change(w, &v1alpha1.MDFBudget{}, string(w.budget), func(b *v1alpha1.MDFBudget) {
		b.Spec.Recovery = &v1alpha1.LedgerRecovery{RequestedTime: metav1.NewTime(testobj.At(on)), RequestedBy: "fay"}
	})
}

// TestACrashAtEveryWrite lets each flow happen once without a failure, and then again with a failure at each of the manager's writes, before it,
// after it, and after it with the answer lost. A fresh manager must bring all to the same end.
func TestACrashAtEveryWrite(t *testing.T) {
	t.Parallel()
	for name, f := range flows() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, points := uninterrupted(t, f)
			var missed atomic.Int32
			t.Cleanup(func() {
				// A busy machine lets the manager see several events at once, and so write less often.
				if n := int(missed.Load()); n > 2*len(points) {
					t.Errorf("%d of %d failures were not met: the writes differ from run to run", n, 3*len(points))
				}
			})
			for _, point := range points {
				for _, mode := range []string{crashBefore, crashAfter, answerLost} {
					t.Run(mode+" "+point, func(t *testing.T) {
						t.Parallel()
						got, hit := interrupted(t, f, newBreaker(point, mode))
						if diff := cmp.Diff(want, got); diff != "" {
							t.Errorf("the end differs from that without a failure (-want +got):\n%s", diff)
						}
						if !hit {
							missed.Add(1)
							if strings.HasSuffix(point, "of MDFLedger, 1") {
								t.Error("the write was never made")
							}
						}
					})
				}
			}
		})
	}
}

// uninterrupted lets a flow happen without a failure. It returns the end, and the manager's writes.
func uninterrupted(t *testing.T, f flow) (end map[string]any, writes []string) {
	t.Helper()
	b := newBreaker("", "")
	t.Run("without a failure", func(t *testing.T) {
		end, _ = interrupted(t, f, b)
	})
	all, _ := b.writes()
	for _, write := range all {
		if !strings.Contains(write, "PartnerProgram") { // it counts plans, and bears on no money
			writes = append(writes, write)
		}
	}
	if len(writes) == 0 {
		t.Fatal("the manager wrote nothing about money")
	}
	return end, writes
}

// interrupted lets a flow happen with a failure. It returns the end, and whether the failure was met.
func interrupted(t *testing.T, f flow, b *breaker) (end map[string]any, hit bool) {
	t.Helper()
	w := newWorld(t, f.at, 1, nil)
	w.scope.Wrap = b.wrap
	m := w.manager()
	f.prepare(w)
	w.rest()
	b.arm()
	f.happens(w)
	w.AwaitOr(w, b.crashed, w.unrest)
	_, hit = b.writes()
	m.Stop()
	w.scope.Wrap = nil
	if b.point != "" {
		w.manager()
		w.rest()
	}
	f.check(w)
	return w.end(), hit
}

// end is the content of the ledger and all statuses about money, without what differs from run to run.
func (w *world) end() map[string]any {
	w.Helper()
	all := map[string]any{}
	for key, object := range w.Latest() {
		key = w.neutral(key)
		switch x := object.(type) {
		case *v1alpha1.MDFLedger:
			all[key] = w.decoded(x.Spec)
		case *v1alpha1.MDFBudget:
			all[key] = w.decoded(x.Status)
		case *v1alpha1.MDFAllocation:
			all[key] = w.decoded(x.Status)
		case *v1alpha1.MDFClaim:
			all[key] = w.decoded(x.Status)
		case *v1alpha1.ApprovalDecision:
			all[key] = w.decoded(x.Status)
		}
	}
	return all
}

// own matches what differs from run to run: revisions, as they rest on the budget's name, and what the API server sets.
var own = regexp.MustCompile(`v1:[0-9a-f]{8,32}|"(lastTransitionTime|uid)":"[^"]*"|"observedGeneration":\d+`)

// neutral replaces the names that are the world's own.
func (w *world) neutral(text string) string {
	return strings.NewReplacer(w.namespace, "NAMESPACE", string(w.budget), "BUDGET", string(w.program), "PROGRAM").Replace(text)
}

func (w *world) decoded(content any) (decoded any) {
	w.Helper()
	raw, err := json.Marshal(content)
	if err != nil {
		w.Fatal(err)
	}
	neutral := own.ReplaceAllStringFunc(w.neutral(string(raw)), func(found string) string {
		if strings.HasPrefix(found, "v1:") {
			return "REVISION"
		}
		return `"":""`
	})
	if err := json.Unmarshal([]byte(neutral), &decoded); err != nil {
		w.Fatal(err)
	}
	return decoded
}
