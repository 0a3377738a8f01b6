package main

import (
	"testing"

	"jointplan.dev/jointplan/internal/offline/manifest"
)

// TestNobodyWaitsForWhatIsDeleted tells an object that the cluster had, and that is gone, from one that somebody named.
func TestNobodyWaitsForWhatIsDeleted(t *testing.T) {
	key := manifest.Key{Kind: "JointPlan", Namespace: "partner-acme", Name: "h1"}
	named, listed := standingOf(key, nil), standingOf(key, nil)
	listed.listed = true
	if (goal{}).isDone(named) {
		t.Error("nobody waits for a plan that is named and not there yet")
	}
	if !(goal{}).isDone(listed) || !listed.isGone() {
		t.Error("a plan that was deleted meanwhile is waited for")
	}
}
