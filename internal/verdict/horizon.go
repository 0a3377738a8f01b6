package verdict

import "time"

// Horizon finds the next instant at which a status may change although no spec does. It never lies after that instant; it may lie
// before it. The zero value has no such instant.
type Horizon struct {
	now  time.Time
	next time.Time
}

// NewHorizon starts a horizon at now.
func NewHorizon(now time.Time) *Horizon { return &Horizon{now: now} }

// At notes that the status may change at an instant. Instants that are not after now are ignored.
func (h *Horizon) At(instant time.Time) {
	if !instant.After(h.now) {
		return
	}
	if h.next.IsZero() || instant.Before(h.next) {
		h.next = instant
	}
}

// Next returns the earliest instant that was noted; the zero time when there is none.
func (h *Horizon) Next() time.Time { return h.next }

// Earlier returns the earlier of two instants, of which zero is none.
func Earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
