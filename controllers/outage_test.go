package controllers

import (
	"fmt"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// TestAfterAnOutageOfAnyLengthAllIsTriedAgainWithinHalfAMinute has 5,000 objects fail, each from some instant of the outage on, whenever it
// is tried again.
func TestAfterAnOutageOfAnyLengthAllIsTriedAgainWithinHalfAMinute(t *testing.T) {
	for _, away := range []time.Duration{time.Second, time.Minute, 20 * time.Minute, 24 * time.Hour} {
		limiter := retries()
		var longest time.Duration
		for i := range 5000 {
			request := reconcile.Request{NamespacedName: types.NamespacedName{Namespace: "partners", Name: fmt.Sprintf("plan-%d", i)}}
			next := away * time.Duration(i) / 5000 // after the beginning of the outage
			for next < away {
				next += limiter.When(request)
			}
			longest = max(longest, next-away)
		}
		if longest > 30*time.Second {
			t.Errorf("%s after an outage of %s something is not tried again yet", longest, away)
		}
	}
}
