package preview

import (
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/channelmanager"
)

// newManager returns the entry of a channel manager, about whom the sums of the program hold the evidence where its strategy says so.
func (s *state) newManager(w *World, x *v1alpha1.ChannelManager) *entry {
	name := x.Spec.ProgramRef.Name
	return newEntry(x, func(_ *snapshot.Snapshot, x *v1alpha1.ChannelManager, now time.Time) (next time.Time) {
		in := channelmanager.Input{Manager: x, Program: w.programs[name], Programs: w.programNames(), Now: now}
		for _, whole := range s.wholes {
			if whole.strategy.Name == string(name) {
				in.Policy, in.Sums = whole.strategy.Spec.Managers, whole.sums.Manager(v1alpha1.Name(x.Name))
			}
		}
		x.Status, next = channelmanager.Evaluate(&in)
		return next
	})
}

// programNames returns the names of all programs.
func (w *World) programNames() []string {
	names := make([]string, 0, len(w.programs))
	for name := range w.programs {
		names = append(names, string(name))
	}
	slices.Sort(names)
	return names
}
