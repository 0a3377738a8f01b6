package outcome

import (
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// Holding is what a request has been granted.
type Holding struct {
	// Granted is what is reserved for it and what claims took of it, paid or not, in minor units of the currency.
	Granted int64
	// Currency is that of the ledger; empty while nothing is granted.
	Currency v1alpha1.CurrencyCode
	// Lost says that the budget's ledger is lost, so that nobody can tell.
	Lost bool
	// NextChange is the next instant at which this may differ although no spec and no ledger does. Zero means never.
	NextChange time.Time
}

// holdingOf is the key of what a request has been granted.
type holdingOf struct{ request string }

// HoldingOf says what a request has been granted at an instant, as status.granted does. It reads no status.
func HoldingOf(p *snapshot.Snapshot, a *v1alpha1.MDFAllocation, now time.Time) Holding {
	if p.Beyond(a) != "" {
		return Holding{}
	}
	if !snapshot.Same(p.Allocation(v1alpha1.Name(a.Name)), a) {
		return hold(p, a, now) // as it might be
	}
	return snapshot.Once(p, snapshot.Everything, now, holdingOf{a.Name}, func() Holding { return hold(p, a, now) })
}

func hold(p *snapshot.Snapshot, a *v1alpha1.MDFAllocation, now time.Time) Holding {
	g := newGrant(facts.Of(p, now), a, facts.Gate{})
	h := Holding{Lost: g.lost, NextChange: g.horizon.Next()}
	if g.granted && !g.lost {
		h.Granted, h.Currency = g.kept+g.settled, g.currency
	}
	return h
}
