package snapshot_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

type (
	keyA struct{ name string }
	keyB struct{ name string }
)

func TestWhatIsComputedOnceIsKeptForOneMomentOfASnapshot(t *testing.T) {
	monday := time.Date(2026, time.November, 2, 9, 0, 0, 0, time.UTC)
	tuesday := monday.AddDate(0, 0, 1)
	snap := snapshot.New("partner-acme", nil, snapshot.Objects{})
	computed := 0
	once := func(snap *snapshot.Snapshot, scope snapshot.Scope, moment, key any) {
		snapshot.Once(snap, scope, moment, key, func() int { computed++; return 0 })
	}
	paid := snap.WithMoney("fy27", &v1alpha1.MDFBudget{}, nil)
	for _, step := range []struct {
		name string
		ask  func()
		want int
	}{
		{"it is computed", func() { once(snap, snapshot.Judgement, monday, keyA{"a"}) }, 1},
		{"it is kept", func() { once(snap, snapshot.Judgement, monday, keyA{"a"}) }, 1},
		{"the same instant in another zone", func() { once(snap, snapshot.Judgement, monday.In(time.FixedZone("", 3600)), keyA{"a"}) }, 1},
		{"another name", func() { once(snap, snapshot.Judgement, monday, keyA{"b"}) }, 2},
		{"another key", func() { once(snap, snapshot.Judgement, monday, keyB{"a"}) }, 3},
		{"another scope", func() { once(snap, snapshot.Everything, monday, keyA{"a"}) }, 4},
		{"with other money, without looking at it", func() { once(paid, snapshot.Judgement, monday, keyA{"a"}) }, 4},
		{"with other money", func() { once(paid, snapshot.Everything, monday, keyA{"a"}) }, 5},
		{"among others", func() { once(snap.Among(nil), snapshot.Judgement, monday, keyA{"a"}) }, 6},
		{"apart", func() { once(snap.Apart(), snapshot.Judgement, tuesday, keyA{"a"}) }, 7},
		{"that was apart", func() { once(snap, snapshot.Judgement, monday, keyA{"a"}) }, 7},
		{"another instant", func() { once(snap, snapshot.Judgement, tuesday, keyA{"a"}) }, 8},
		{"which drops the first", func() { once(snap, snapshot.Judgement, monday, keyA{"a"}) }, 9},
		{"of that scope alone", func() { once(snap, snapshot.Everything, monday, keyA{"a"}) }, 9},
	} {
		step.ask()
		if computed != step.want {
			t.Fatalf("%s: computed %d times, want %d", step.name, computed, step.want)
		}
	}
}

func TestSeveralMayAskForWhatIsComputedOnce(t *testing.T) {
	snap := snapshot.New("partner-acme", nil, snapshot.Objects{})
	var computed atomic.Int32
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			snapshot.Once(snap, snapshot.Judgement, 1, keyA{"outer"}, func() int32 {
				return snapshot.Once(snap, snapshot.Judgement, 1, keyA{"inner"}, func() int32 { return computed.Add(1) })
			})
		})
	}
	group.Wait()
	if computed.Load() != 1 {
		t.Errorf("computed %d times", computed.Load())
	}
}

func TestAnObjectIsTheSameWhenItIsEqualInEverything(t *testing.T) {
	held := aPlan("h1", "acme")
	copied, changed := held.DeepCopy(), held.DeepCopy()
	changed.Status.Revision = "v1:other"
	for name, tc := range map[string]struct {
		held, object *v1alpha1.JointPlan
		want         bool
	}{
		"itself": {held, held, true}, "a copy": {held, copied, true}, "another status": {held, changed, false}, "none is held": {nil, held, false},
	} {
		if got := snapshot.Same(tc.held, tc.object); got != tc.want {
			t.Errorf("%s: %t, want %t", name, got, tc.want)
		}
	}
}
