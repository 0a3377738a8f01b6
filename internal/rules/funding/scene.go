package funding

import (
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
)

// Scene is the money side of one namespace at an instant. It computes each thing once, when first asked for; it is not safe for concurrent
// use.
type Scene struct {
	*facts.Facts

	// Request returns an allocation's request.
	Request func(*v1alpha1.MDFAllocation) *request.Request

	accounts facts.Memo[v1alpha1.Name, *Account]
	shares   facts.Memo[string, share]    // by partner, budget and limit
	earnings facts.Memo[string, earnings] // by partner and budget
}

// NewScene returns the money side of a namespace at an instant.
func NewScene(p *snapshot.Snapshot, gate facts.Gate, now time.Time) *Scene {
	f := facts.New(p, gate, now)
	return &Scene{Facts: f, Request: request.New(f).Of}
}
