package status

import (
	"strconv"
	"testing"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
)

// versionOf is a plan at a resource version.
func versionOf(uid types.UID, version string) *v1alpha1.JointPlan {
	p := testobj.Plan("h1").Obj()
	p.UID, p.ResourceVersion = uid, version
	return p
}

func TestTheEventOfOnesOwnWriteCausesNothing(t *testing.T) {
	for name, tc := range map[string]struct {
		before func(*pendingWrites)
		event  string // the resource version that it shows
		want   bool
	}{
		"nothing was written":                {func(*pendingWrites) {}, "8", true},
		"own write":                          {func(p *pendingWrites) { p.wrote(versionOf("uid", "7"), "8") }, "8", false},
		"another's write after the own one":  {func(p *pendingWrites) { p.wrote(versionOf("uid", "7"), "8") }, "9", true},
		"another's write before the own one": {func(p *pendingWrites) { p.wrote(versionOf("uid", "7"), "8") }, "7", true},
		"own write of another object":        {func(p *pendingWrites) { p.wrote(versionOf("other", "7"), "8") }, "8", true},
		"own write for which a reconcile waits": {func(p *pendingWrites) {
			p.wrote(versionOf("uid", "7"), "8")
			p.awaits(versionOf("uid", "7"))
		}, "8", true},
		"own write that the cache was seen to show": {func(p *pendingWrites) {
			p.wrote(versionOf("uid", "7"), "8")
			p.awaits(versionOf("uid", "8"))
		}, "8", true},
		"own write whose event comes before its answer": {func(p *pendingWrites) { p.begin(versionOf("uid", "7")) }, "8", false},
		"any event after a write that failed": {func(p *pendingWrites) {
			p.begin(versionOf("uid", "7"))
			p.failed(versionOf("uid", "7"))
		}, "8", true},
		"own write a second time, as in a resync": {func(p *pendingWrites) {
			p.wrote(versionOf("uid", "7"), "8")
			p.others().Update(event.UpdateEvent{ObjectNew: versionOf("uid", "8")})
		}, "8", true},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPendingWrites()
			tc.before(p)
			if got := p.others().Update(event.UpdateEvent{ObjectNew: versionOf("uid", tc.event)}); got != tc.want {
				t.Errorf("looked at: %v, want %v", got, tc.want)
			}
		})
	}
}

func TestAReconcileThatReadTheCacheBeforeTheEventStillWaits(t *testing.T) {
	p := newPendingWrites()
	p.wrote(versionOf("uid", "7"), "8")
	p.others().Update(event.UpdateEvent{ObjectNew: versionOf("uid", "8")})
	if !p.awaits(versionOf("uid", "7")) {
		t.Error("evaluates an object as it was before the write")
	}
	if p.awaits(versionOf("uid", "8")) || len(p.of) != 0 || p.shown != 0 {
		t.Errorf("remembers %v, %d shown, of a write that the cache shows", p.of, p.shown)
	}
}

func TestWritesThatWereShownAreForgottenInTheEnd(t *testing.T) {
	p := newPendingWrites()
	p.wrote(versionOf("waiting", "7"), "8")
	for i := range 3 * maxShown {
		uid := types.UID(strconv.Itoa(i))
		p.wrote(versionOf(uid, "7"), "8")
		p.others().Update(event.UpdateEvent{ObjectNew: versionOf(uid, "8")})
	}
	if len(p.of) > maxShown+1 || !p.awaits(versionOf("waiting", "7")) {
		t.Errorf("remembers %d writes; want at most %d, among them the one that is not shown", len(p.of), maxShown+1)
	}
}

func TestTheWriterIsToldOfEventsThatCameBeforeTheAnswer(t *testing.T) {
	for name, tc := range map[string]struct {
		events []string
		want   bool
	}{
		"none":               {nil, false},
		"that of the write":  {[]string{"8"}, false},
		"another's after it": {[]string{"8", "9"}, true},
		"another's alone":    {[]string{"9"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			for end, finish := range map[string]func(*pendingWrites) bool{
				"succeeds": func(p *pendingWrites) bool { return p.wrote(versionOf("uid", "7"), "8") == tc.want },
				"fails":    func(p *pendingWrites) bool { return p.failed(versionOf("uid", "7")) == (len(tc.events) > 0) },
			} {
				p := newPendingWrites()
				p.begin(versionOf("uid", "7"))
				for _, version := range tc.events {
					p.others().Update(event.UpdateEvent{ObjectNew: versionOf("uid", version)})
				}
				if !finish(p) {
					t.Errorf("the write %s: the writer is told otherwise", end)
				}
			}
		})
	}
}

func TestPendingWritesAreForgottenOnceTheyAreSeen(t *testing.T) {
	old, updated := testobj.Plan("h1").Obj(), testobj.Plan("h1").Obj()
	old.UID, old.ResourceVersion = "uid", "7"
	updated.UID, updated.ResourceVersion = "uid", "8"
	p := newPendingWrites()
	if p.awaits(old) {
		t.Error("awaits a write that was never made")
	}
	p.wrote(old, "8")
	if !p.awaits(old) {
		t.Error("does not await its own write")
	}
	if p.awaits(updated) || len(p.of) != 0 {
		t.Error("awaits or remembers a write that the cache has shown")
	}
}
