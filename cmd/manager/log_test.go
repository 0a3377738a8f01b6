package main

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	uberzap "go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

// TestErrorsOfOneCauseAreLoggedAFewTimesAMinute has many objects fail, for two causes.
func TestErrorsOfOneCauseAreLoggedAFewTimesAMinute(t *testing.T) {
	now := time.Unix(0, 0)
	core, logged := observer.New(zapcore.InfoLevel)
	log := uberzap.New(repeating{core, &repeats{now: func() time.Time { return now }, of: map[string]*repeated{}}})
	fail := func(n int, cause string) {
		for i := range n {
			log.With(uberzap.Int("object", i)).Error("Reconciler error", uberzap.Error(fmt.Errorf("write status: patch plan-%d: %w", i, errors.New(cause))))
		}
	}
	var lines []string
	told := func() []string {
		lines = nil
		for _, x := range logged.TakeAll() {
			context := x.ContextMap()
			lines = append(lines, fmt.Sprint(x.Message, " ", context["object"], " ", context["error"], " ", context["leftOut"]))
		}
		return lines
	}
	fail(3, "connection refused")
	fail(1, "forbidden")
	fail(100, "connection refused")
	log.Info("ready")
	log.Error("without an error")
	if diff := cmp.Diff([]string{
		"Reconciler error 0 write status: patch plan-0: connection refused <nil>",
		"Reconciler error 1 write status: patch plan-1: connection refused <nil>",
		"Reconciler error 2 write status: patch plan-2: connection refused <nil>",
		"Reconciler error 0 write status: patch plan-0: forbidden <nil>",
		"Reconciler error 0 write status: patch plan-0: connection refused <nil>",
		"Reconciler error 1 write status: patch plan-1: connection refused <nil>",
		"ready <nil> <nil> <nil>",
		"without an error <nil> <nil> <nil>",
	}, told()); diff != "" {
		t.Errorf("logged (-want +got):\n%s", diff)
	}
	now = now.Add(repeatWindow)
	fail(2, "connection refused")
	if diff := cmp.Diff([]string{
		"Reconciler error 0 write status: patch plan-0: connection refused 98",
		"Reconciler error 1 write status: patch plan-1: connection refused <nil>",
	}, told()); diff != "" {
		t.Errorf("logged a minute later (-want +got):\n%s", diff)
	}
}

func TestFewCausesAreRemembered(t *testing.T) {
	r := &repeats{now: func() time.Time { return time.Unix(0, 0) }, of: map[string]*repeated{}}
	for i := range 10 * maxCauses {
		if show, _ := r.show(fmt.Sprint(i)); !show {
			t.Fatalf("cause %d is not logged", i)
		}
	}
	if len(r.of) > maxCauses {
		t.Errorf("%d causes are remembered, want %d at the most", len(r.of), maxCauses)
	}
}

func TestWhatIsWatchedIsLoggedForWhoDebugs(t *testing.T) {
	for level, want := range map[zapcore.Level]int{zapcore.InfoLevel: 1, zapcore.DebugLevel: 2} {
		core, logged := observer.New(level)
		log := uberzap.New(repeating{core, &repeats{now: time.Now, of: map[string]*repeated{}}})
		log.Info("Starting EventSource")
		log.Info("Starting workers")
		if got := logged.Len(); got != want {
			t.Errorf("%d lines at level %s, want %d", got, level, want)
		}
	}
}
