package preview

import (
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/channelmanager"
)

// KeepManagers says of which programs evidence about their channel managers is kept, and by which policy. It is to be called before anything is evaluated; of a
// program that is not named there is none.
func (w *World) KeepManagers(policies map[v1alpha1.Name]*v1alpha1.ManagerPolicy) {
	w.managers = policies
}

// newManager returns the entry of a channel manager, which adds up the partners of its program that name it.
func (s *state) newManager(w *World, x *v1alpha1.ChannelManager) *entry {
	name := x.Spec.ProgramRef.Name
	return newEntry(x, func(_ *snapshot.Snapshot, x *v1alpha1.ChannelManager, now time.Time) (next time.Time) {
		in := channelmanager.Input{Manager: x, Program: w.programs[name], Programs: w.programNames(), Policy: w.managers[name], Now: now}
		for _, u := range s.units {
			if _, allowed := u.allowed[name]; allowed {
				addManaged(&in, u, v1alpha1.Name(x.Name))
			}
		}
		x.Status, next = channelmanager.Evaluate(&in)
		return next
	})
}

// addManaged adds the partners of a unit of work that name a manager.
func addManaged(in *channelmanager.Input, u *unit, manager v1alpha1.Name) {
	statuses := rollUp([]*unit{u})
	for _, partner := range statuses.Partners {
		if ref := partner.Spec.ManagerRef; ref == nil || ref.Name != manager || partner.Spec.ProgramRef.Name != v1alpha1.Name(in.Manager.Spec.ProgramRef.Name) {
			continue
		}
		source := channelmanager.Source{Program: in.Program, Policy: in.Policy, Partner: partner}
		for _, plan := range statuses.Plans {
			if plan.Spec.PartnerRef.Name == v1alpha1.Name(partner.Name) {
				source.Plans = append(source.Plans, plan)
			}
		}
		in.Sums.Add(channelmanager.Of(&source))
	}
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
