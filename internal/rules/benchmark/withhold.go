package benchmark

import (
	"encoding/hex"
	"fmt"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// release is a benchmark under way.
type release struct {
	program  v1alpha1.Name
	policy   *v1alpha1.BenchmarkPolicy
	earlier  map[key][]earlier
	groups   map[key]*group
	shown    []*group // in order
	withheld []*group // in order
}

// earlier is who contributed to a cohort of an earlier benchmark.
type earlier struct {
	partners int32
	print    mark
	broken   bool // its fingerprint cannot be read
}

// earlierRows returns, for each cohort, who contributed to it in other benchmarks of the program. All of them count and not only the last: two releases
// that differ by one partner tell its figures, however many lie between them.
func earlierRows(of v1alpha1.Name, list []*v1alpha1.Benchmark, but string) map[key][]earlier {
	all := map[key][]earlier{}
	for _, b := range list {
		if b.Name == but || b.Spec.ProgramRef.Name != of {
			continue
		}
		for i := range b.Spec.Rows {
			row := &b.Spec.Rows[i]
			x := earlier{partners: row.Partners}
			raw, err := hex.DecodeString(row.Fingerprint)
			if x.broken = err != nil || len(raw) != len(x.print); !x.broken {
				copy(x.print[:], raw)
			}
			k := keyOf(&row.BenchmarkCohort)
			all[k] = append(all[k], x)
		}
	}
	return all
}

// add adds a row to its cohorts.
func (r *release) add(row *Row) {
	if r.groups == nil {
		r.groups = map[key]*group{}
	}
	all, _ := levels(row.Measure)
	for level, p := range all {
		k, ok := p.of(row, level)
		if !ok {
			continue
		}
		g := r.groups[k]
		if g == nil {
			g = &group{key: k, partners: map[string]int{}}
			r.groups[k] = g
		}
		g.rows = append(g.rows, row)
		g.partners[row.Partner]++
	}
}

// judge says of each cohort whether its figures are shown, the widest first.
func (r *release) judge() {
	all := make([]*group, 0, len(r.groups))
	for _, g := range r.groups {
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b *group) int { return compareKeys(a.key, b.key) })
	families := map[family][]*group{}
	for _, g := range all {
		if g.reason = r.reason(g, families[g.key.family]); g.reason != "" {
			r.withheld = append(r.withheld, g)
			continue
		}
		r.shown = append(r.shown, g)
		families[g.key.family] = append(families[g.key.family], g)
	}
}

// reason returns why a cohort is withheld beside those of its family that are shown; empty when it is not.
func (r *release) reason(g *group, shown []*group) v1alpha1.WithheldReason {
	switch {
	case len(g.partners) < int(*r.policy.MinPartners):
		return v1alpha1.WithheldTooFewPartners
	case g.largest()*100 > len(g.rows)*int(*r.policy.MaxSharePercent):
		return v1alpha1.WithheldOneHoldsTooMuch
	case r.oneApartFromEarlier(g):
		return v1alpha1.WithheldOneApartFromEarlier
	case oneApartFromWider(g, shown):
		return v1alpha1.WithheldOneApartFromWider
	default:
		return ""
	}
}

// why says a reason in words. How many and who is not said.
func (r *release) why(reason v1alpha1.WithheldReason) string {
	switch reason {
	case v1alpha1.WithheldTooFewPartners:
		return fmt.Sprintf("fewer than %d partners have results to compare", *r.policy.MinPartners)
	case v1alpha1.WithheldOneHoldsTooMuch:
		return fmt.Sprintf("more than %d percent of the results are one partner's", *r.policy.MaxSharePercent)
	case v1alpha1.WithheldOneApartFromEarlier:
		return "compared with an earlier benchmark, the figures could tell one partner's results"
	default:
		return "compared with a wider cohort, the figures could tell one partner's results"
	}
}

// largest returns how many rows the partner with the most of them has.
func (g *group) largest() (most int) {
	for _, n := range g.partners {
		most = max(most, n)
	}
	return most
}

// oneApartFromEarlier reports whether the partners may differ by exactly one from those of an earlier benchmark. Who joined is found by the fingerprints.
// Who left may be known no more, so that one partner less always counts.
func (r *release) oneApartFromEarlier(g *group) bool {
	list := r.earlier[key{family: g.key.family, activity: g.key.activity, tier: g.key.tier, segment: g.key.segment}]
	if len(list) == 0 {
		return false
	}
	n, now := int32(len(g.partners)), g.fingerprint(r.program) //nolint:gosec // there are not so many
	return slices.ContainsFunc(list, func(x earlier) bool {
		switch {
		case x.partners == n+1:
			return true
		case x.partners != n-1:
			return false
		case x.broken:
			return true
		}
		return slices.ContainsFunc(g.names(), func(name string) bool { return now.with(markOf(r.program, name)) == x.print })
	})
}

// oneApartFromWider reports whether a wider cohort that is shown, without this one or without this one and its like that are shown, leaves one partner or
// one partner's rows.
func oneApartFromWider(g *group, shown []*group) bool {
	for _, wider := range shown {
		if !g.key.within(wider.key) {
			continue
		}
		like := []*group{g}
		for _, x := range shown {
			if x.key.level == g.key.level && x.key.within(wider.key) {
				like = append(like, x)
			}
		}
		if leavesOne(wider, like[:1]) || leavesOne(wider, like) {
			return true
		}
	}
	return false
}

// leavesOne reports whether a cohort without some of its parts leaves one partner, or rows of one partner alone.
func leavesOne(whole *group, without []*group) bool {
	gone := map[*Row]bool{}
	partners := map[string]bool{}
	for _, g := range without {
		for _, row := range g.rows {
			gone[row] = true
			partners[row.Partner] = true
		}
	}
	left, leftRows := 0, map[string]bool{}
	for partner := range whole.partners {
		if !partners[partner] {
			left++
		}
	}
	for _, row := range whole.rows {
		if !gone[row] {
			leftRows[row.Partner] = true
		}
	}
	return left == 1 || len(leftRows) == 1
}
