package headroom

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/testobj"
)

// world is everything that decides about a room.
type world struct {
	budget   *v1alpha1.MDFBudget
	measured *v1alpha1.MeasurementSet
	approved map[v1alpha1.Name]string // the instants of approval of requests; empty for none
	reserved map[string]int64
	settled  map[string]int64
}

func drawDay(t *rapid.T, label string) v1alpha1.Date {
	return fiscal.MustParseDay("2026-01-01").AddDays(rapid.IntRange(0, 600).Draw(t, label)).Date()
}

func drawAmount(t *rapid.T, label string) v1alpha1.Decimal {
	return v1alpha1.Decimal(fmt.Sprintf("%d.%02d", rapid.IntRange(0, 900).Draw(t, label), rapid.IntRange(0, 99).Draw(t, label+" cents")))
}

func drawLimits(t *rapid.T) []v1alpha1.FundingLimit {
	scopes := []v1alpha1.LimitScope{v1alpha1.LimitPerRequest, v1alpha1.LimitPerActivity, v1alpha1.LimitPerPlan, v1alpha1.LimitPerPartner}
	var limits []v1alpha1.FundingLimit
	for i := range rapid.IntRange(0, 3).Draw(t, "limits") {
		limit := v1alpha1.FundingLimit{Name: v1alpha1.Name(fmt.Sprintf("limit-%d", i)), Per: rapid.SampledFrom(scopes).Draw(t, "per")}
		if rapid.Bool().Draw(t, "share") {
			limit.Percent, limit.Metric = "3.5", "purchases"
			limit.TrailingMonths = new(int32(rapid.IntRange(1, 12).Draw(t, "months")))
		} else {
			limit.Amount = drawAmount(t, "limit")
		}
		if rapid.Bool().Draw(t, "by type") {
			limit.Activities = []v1alpha1.ActivityType{rapid.SampledFrom([]v1alpha1.ActivityType{"Webinar", "TradeShow"}).Draw(t, "type")}
		}
		limits = append(limits, limit)
	}
	return limits
}

func drawAccrual(t *rapid.T) *v1alpha1.Accrual {
	accrual := &v1alpha1.Accrual{
		Metric: "purchases", Percent: "3",
		Every: rapid.SampledFrom([]v1alpha1.Cadence{"Month", "Quarter", "Half", "Year"}).Draw(t, "every"),
		Spend: rapid.SampledFrom([]v1alpha1.AccrualSpend{v1alpha1.SpendSamePeriod, v1alpha1.SpendNextPeriod}).Draw(t, "spend"),
	}
	if rapid.Bool().Draw(t, "steps") {
		accrual.Percent = ""
		accrual.Steps = []v1alpha1.AccrualStep{{AtLeast: "1000", Amount: "50.00"}, {AtLeast: "5000", Amount: "200.00"}}
	}
	if rapid.Bool().Draw(t, "bounded") {
		accrual.Maximum = drawAmount(t, "maximum")
	}
	if months := rapid.Int32Range(0, 7).Draw(t, "carry over"); months > 0 {
		accrual.CarryOverMonths = &months
	}
	return accrual
}

func drawWorld(t *rapid.T) *world {
	w := &world{approved: map[v1alpha1.Name]string{}, reserved: map[string]int64{}, settled: map[string]int64{}}
	w.budget = testobj.Budget("fy27-emea").Period(2027, v1alpha1.PartYear).With(func(spec *v1alpha1.MDFBudgetSpec) {
		spec.Limits = drawLimits(t)
		if rapid.Bool().Draw(t, "accrual") {
			spec.Accrual = drawAccrual(t)
		}
	}).Obj()
	w.measured = testobj.Purchases()
	for range rapid.IntRange(0, 8).Draw(t, "results") {
		value := v1alpha1.Decimal(fmt.Sprint(rapid.IntRange(-2000, 9000).Draw(t, "value")))
		w.measured.Spec.Entries = append(w.measured.Spec.Entries, v1alpha1.Measurement{Metric: "purchases", Day: drawDay(t, "day"), Value: value})
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "requests") {
		name := v1alpha1.Name(fmt.Sprintf("request-%d", i))
		if rapid.IntRange(0, 3).Draw(t, "known") > 0 {
			w.approved[name] = ""
			if rapid.Bool().Draw(t, "approved") {
				w.approved[name] = string(drawDay(t, "approved on")) + "T10:00:00Z"
			}
		}
		w.reserved[key(string(name))] = rapid.Int64Range(0, 20000).Draw(t, "reserved")
		if rapid.Bool().Draw(t, "paid") {
			w.settled[key(string(name))+"/c1"] = rapid.Int64Range(0, 20000).Draw(t, "settled")
		}
	}
	return w
}

// at puts the world on a stage, at an instant, where "asks" and "other" ask, both as approved as the other.
func (w *world) at(now time.Time) *stage {
	objects := []any{
		testobj.ProgramWithPurchases(), w.budget, w.measured, testobj.Partner("acme").Obj(), testobj.Plan("acme-h1").Activity("autumn-webinar", "Webinar").Obj(),
		testobj.Allocation("asks").Obj(), testobj.Allocation("other").Obj(),
	}
	for name := range w.approved {
		objects = append(objects, testobj.Allocation(string(name)).Obj())
	}
	s := newStage(now.Format(time.RFC3339Nano), objects...)
	s.request("asks", "Webinar", "")
	s.request("other", "Webinar", "")
	kinds := []v1alpha1.ActivityType{"Webinar", "TradeShow"}
	for name, at := range w.approved {
		s.request(name, kinds[len(at)%2], at)
	}
	return s
}

func (w *world) room(now time.Time) Room {
	s := w.at(now)
	return s.room(s.requests["asks"], w.reserved, w.settled)
}

func drawNow(t *rapid.T) time.Time {
	return testobj.At("2026-06-15T00:00:00Z").Add(time.Duration(rapid.IntRange(0, 400*24).Draw(t, "now")) * time.Hour)
}

func TestRoomIsNeverNegativeAndSaysWhatBoundsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		room := w.room(drawNow(t))
		bounded := room.Amount != unbounded
		limited := room.Reason == v1alpha1.ReasonLimitReached
		if room.Amount < unbounded || bounded != (room.Reason != "") || bounded != (room.Message != "") || limited != (room.Name != "") {
			t.Fatalf("%+v", room)
		}
	})
}

func TestMoreUseLeavesNoMoreRoom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, now := drawWorld(t), drawNow(t)
		before := w.room(now)
		more := rapid.Int64Range(1, 50000).Draw(t, "more")
		switch name := rapid.SampledFrom([]string{"request-0", "request-1", "request-2", "gone"}).Draw(t, "whose"); {
		case rapid.Bool().Draw(t, "settled"):
			w.settled[key(name)+"/c1"] += more
		default:
			w.reserved[key(name)] += more
		}
		if after := w.room(now); after.Amount > before.Amount || (after.Amount == unbounded) != (before.Amount == unbounded) {
			t.Fatalf("with %d more used there is %d, before there was %d\n%s\n%s", more, after.Amount, before.Amount, before.Message, after.Message)
		}
	})
}

func TestWhatIsEarnedAndGrantedIsGone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, now := drawWorld(t), drawNow(t)
		w.budget.Spec.Limits = nil
		w.budget.Spec.Accrual = drawAccrual(t)
		s := w.at(now)
		before := s.room(s.requests["other"], w.reserved, w.settled).Amount
		granted := rapid.Int64Range(0, before).Draw(t, "granted")
		s = w.at(now)
		s.request("asks", "Webinar", now.Format(time.RFC3339Nano))
		w.reserved[key("asks")] = granted
		if after := s.room(s.requests["other"], w.reserved, w.settled); after.Amount != before-granted {
			t.Fatalf("of %d, %d is granted, and %d is left", before, granted, after.Amount)
		}
	})
}

func TestEveryLotIsMadeUpUsedOrLeft(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		w.budget.Spec.Accrual = drawAccrual(t)
		s := w.at(drawNow(t))
		r := s.requests["asks"]
		entries := s.beside("fy27-emea", w.reserved, w.settled).beside(r.Key).drawn.list
		for _, lot := range s.lotsOf(t, w.reserved) {
			if lot.Left < 0 || lot.Used < 0 || lot.MadeUp < 0 || lot.MadeUp+lot.Used+lot.Left != max(lot.Earned, 0) {
				t.Fatalf("%+v after %+v", lot, entries)
			}
		}
	})
}

func TestRoomIgnoresTheOrderInWhichThingsAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, now := drawWorld(t), drawNow(t)
		before := w.room(now)
		w.budget.Spec.Limits = rapid.Permutation(w.budget.Spec.Limits).Draw(t, "limits")
		if accrual := w.budget.Spec.Accrual; accrual != nil {
			accrual.Steps = rapid.Permutation(accrual.Steps).Draw(t, "steps")
		}
		if diff := cmp.Diff(before, w.room(now)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestRoomStaysTheSameUntilItsNextChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, now := drawWorld(t), drawNow(t)
		room := w.room(now)
		horizon := now.Add(500 * 24 * time.Hour)
		if !room.Next.IsZero() && room.Next.Before(horizon) {
			horizon = room.Next
		}
		later := now.Add(time.Duration(rapid.Int64Range(0, int64(horizon.Sub(now))-1).Draw(t, "later")))
		if rapid.Bool().Draw(t, "just before") {
			later = horizon.Add(-1)
		}
		if diff := cmp.Diff(room, w.room(later), cmpopts.IgnoreFields(Room{}, "Next")); diff != "" {
			t.Fatalf("from %s to %s, next change %s:\n%s", now, later, room.Next, diff)
		}
	})
}

func TestRoomsBesideGrantsAreThoseBesideAllEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, now := drawWorld(t), drawNow(t)
		s := w.at(now)
		rooms := s.beside("fy27-emea", w.reserved, w.settled)
		for _, name := range rapid.Permutation([]v1alpha1.Name{"request-0", "request-1", "request-2"}).Draw(t, "order") {
			granted, known := rapid.Int64Range(0, 50000).Draw(t, "granted"), s.requests[name]
			if known == nil || w.reserved[known.Key] > 0 {
				continue
			}
			rooms.For(s.requests["asks"])
			rooms.Granted(known, granted)
			w.reserved[known.Key] = granted
		}
		want := s.room(s.requests["asks"], w.reserved, w.settled)
		if diff := cmp.Diff(want, rooms.For(s.requests["asks"]), cmpopts.IgnoreFields(Room{}, "Next")); diff != "" {
			t.Fatal(diff)
		}
	})
}
