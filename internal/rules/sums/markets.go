package sums

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/verdict"
)

// Limits that the API sets to messages of a report.
const (
	maxMessage = 512
	maxTarget  = 256
	maxMissing = 200
)

// coverage says how each market of the strategy is covered.
//
//nolint:gosec // numbers of partners and plans are far below the limit
func (s *Sums) coverage(in Settings, plans map[Partner]int) []v1alpha1.CellCoverage {
	policy := in.Strategy.Coverage
	if policy == nil {
		return nil
	}
	var list []v1alpha1.CellCoverage
	for i := range policy.Cells {
		cell := &policy.Cells[i]
		row := v1alpha1.CellCoverage{Territory: cell.Territory, Segment: cell.Segment, Wanted: 1, Competitors: cell.Competitors}
		for _, wanted := range []*int32{policy.MinPartners, cell.MinPartners} {
			if wanted != nil {
				row.Wanted = *wanted
			}
		}
		needs := policy.Competencies
		if len(cell.Competencies) > 0 {
			needs = cell.Competencies
		}
		var lacking []string
		for _, name := range slices.Sorted(maps.Keys(s.markets[market{cell.Territory, cell.Segment}])) {
			partner := s.partners[name]
			row.Plans += int32(plans[name])
			if partner.distributor {
				row.Distributors++
				continue
			}
			row.Direct++
			if lacks := partner.lacks(needs); lacks != "" {
				lacking = append(lacking, string(name)+" "+lacks)
				continue
			}
			row.Ready++
		}
		row.State, row.Missing = judge(&row, needs, lacking)
		list = append(list, row)
	}
	return list
}

// lacks says what a partner lacks of what is needed; empty when nothing.
func (c *Contribution) lacks(needs []v1alpha1.CompetencyNeed) string {
	var parts []string
	for _, need := range needs {
		if has := c.certified[need.Name]; has < need.People {
			parts = append(parts, fmt.Sprintf("has %d with %s", has, need.Name))
		}
	}
	return strings.Join(parts, " and ")
}

// judge says how a market is covered, and what is missing.
func judge(row *v1alpha1.CellCoverage, needs []v1alpha1.CompetencyNeed, lacking []string) (state v1alpha1.CoverageState, missing string) {
	wanted := "a partner that sells there directly"
	if n := row.Wanted - row.Ready; n > 1 {
		wanted = fmt.Sprintf("%d partners that sell there directly", n)
	}
	if len(needs) > 0 {
		var parts []string
		for _, need := range needs {
			parts = append(parts, fmt.Sprintf("%d people with %s", need.People, need.Name))
		}
		wanted += ", with " + strings.Join(parts, " and ")
	}
	switch {
	case row.Ready >= row.Wanted:
		return v1alpha1.CoverageCovered, ""
	case row.Direct > 0:
		if len(lacking) > 0 {
			wanted += " (" + verdict.Some(lacking, maxLacking) + ")"
		}
		return v1alpha1.CoverageThin, printable.Clip(wanted, maxMissing)
	case row.Distributors > 0:
		return v1alpha1.CoverageThroughDistributor, printable.Clip(wanted, maxMissing)
	default:
		return v1alpha1.CoverageGap, printable.Clip(wanted, maxMissing)
	}
}

// maxLacking is how many partners that lack something a message names.
const maxLacking = 3

func verb(n int32, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// overlaps counts the pairs of partners that sell to the same market, neither of them through the other: each pair once for each market.
func (s *Sums) overlaps() int32 {
	pairs := 0
	for _, partners := range s.markets {
		n := len(partners)
		pairs += n * (n - 1) / 2
		for partner := range partners {
			for _, above := range s.partners[partner].above {
				if partners[above] {
					pairs--
				}
			}
		}
	}
	return int32(min(pairs, math.MaxInt32))
}

// conflicts returns the accounts that plans of several partners name for a time of a period, where none of them buys through another.
func (s *Sums) conflicts(in Settings, span fiscal.Span) []v1alpha1.AccountConflict {
	var keys []string
	for key, claims := range s.accounts {
		if len(claims) > 1 {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	var list []v1alpha1.AccountConflict
	for _, key := range keys {
		if c, conflict := s.conflict(s.accounts[key], span); conflict {
			c.Owner = conflictOwner(in)
			list = append(list, c)
		}
		if len(list) == maxConflicts {
			break
		}
	}
	return list
}

// conflict returns what plans claim of one account for a time of a period: as many as are shown, by name.
func (s *Sums) conflict(claims map[claim]v1alpha1.Title, span fiscal.Span) (c v1alpha1.AccountConflict, conflict bool) {
	var order []claim
	for x := range claims {
		if x.span.Overlaps(span) {
			order = append(order, x)
		}
	}
	slices.SortFunc(order, func(a, b claim) int { return cmp.Compare(a.plan, b.plan) })
	for _, a := range order {
		if !slices.ContainsFunc(order, func(b claim) bool {
			return a.partner != b.partner && a.span.Overlaps(b.span) && !s.related(a.partner, b.partner)
		}) {
			continue
		}
		if c.Account == "" {
			c.Account = claims[a]
		}
		if c.Plans = append(c.Plans, a.plan); len(c.Plans) == maxPlans {
			break
		}
	}
	return c, len(c.Plans) > 0
}

// related reports whether one partner buys through the other.
func (s *Sums) related(a, b Partner) bool {
	return slices.Contains(s.partners[a].above, b) || slices.Contains(s.partners[b].above, a)
}

// defaultConflictOwner is the role that settles conflicts where nothing is said.
const defaultConflictOwner = "ChannelDirector"

// conflictOwner returns the role that settles conflicts.
func conflictOwner(in Settings) string {
	return cmp.Or(in.Strategy.ConflictOwner, defaultConflictOwner)
}
