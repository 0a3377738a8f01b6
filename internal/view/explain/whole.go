package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/verdict"
	"jointplan.dev/jointplan/internal/view/concern"
)

// strategy explains what the vendor wants of its program as a whole.
func (b *builder) strategy(x *v1alpha1.ChannelStrategy) {
	b.factf("Program", "%s", x.Name)
	b.factf("Reports", "%s", cmp.Or(list(x.Status.Reports), "none yet"))
	every, soft, hard := []v1alpha1.ReportInterval{v1alpha1.ReportHalfYearly, v1alpha1.ReportYearly}, int32(defaultSoftCloseDays), int32(defaultHardCloseDays)
	if reports := x.Spec.Reports; reports != nil {
		if len(reports.Every) > 0 {
			every = reports.Every
		}
		if reports.SoftCloseDays != nil {
			soft = *reports.SoftCloseDays
		}
		if reports.HardCloseDays != nil {
			hard = *reports.HardCloseDays
		}
	}
	b.factf("For each", "%s; provisional %d days after its end, final %d days after it at the earliest", list(every), soft, max(soft, hard))
	if coverage := x.Spec.Coverage; coverage != nil {
		b.factf("Markets", "%s to be covered: kubectl jointplan report --coverage shows them", verdict.Count(len(coverage.Cells), "market"))
	}
	b.factf("Conflicts", "settled by %s", cmp.Or(x.Spec.ConflictOwner, defaultConflictOwner))
	switch managers := x.Spec.Managers; {
	case managers == nil:
		b.factf("Managers", "no evidence is kept about them")
	case len(managers.Bonus) == 0:
		b.factf("Managers", "evidence is kept about them, and no bonus asks for anything")
	default:
		b.factf("Managers", "evidence is kept about them, and a bonus asks for something from %s on", managers.Bonus[0].EffectiveFrom)
	}
	if days := x.Spec.PlanningBaselineDays; days != nil {
		b.factf("Planning before", "%d days from submission to approval", *days)
	}
	var targets, capacity []Verdict
	prog := b.index.Program(x)
	for i := range x.Spec.Targets {
		t := &x.Spec.Targets[i]
		v := Verdict{Rule: fmt.Sprintf("%s: %s", t.Initiative, t.Metric), Verdict: "wanted", Level: concern.Fine, Threshold: decimal.Group(string(t.Value))}
		if prog != nil {
			if days, err := prog.Calendar.Period(t.Period); err == nil {
				v.AsOf = prog.Calendar.Label(days)
			}
		}
		targets = append(targets, v)
	}
	for i := range x.Spec.Capacity {
		c := &x.Spec.Capacity[i]
		capacity = append(capacity, Verdict{
			Rule: string(c.Benefit), Verdict: "there is", Level: concern.Fine, Found: decimal.Group(string(c.Quantity)), AsOf: fmt.Sprintf("FY%d", c.FiscalYear),
		})
	}
	b.section("Targets", targets)
	b.section("Capacity", capacity)
}

// Documented defaults of a strategy.
const (
	defaultSoftCloseDays = 30
	defaultHardCloseDays = 120
	defaultConflictOwner = "ChannelDirector"
)

// report explains how a program stands as a whole in a period.
func (b *builder) report(x *v1alpha1.ProgramReport) {
	b.factf("Program", "%s", x.Spec.ProgramRef.Name)
	b.factf("Period", "%s, %s to %s", x.Spec.Period, x.Spec.From, x.Spec.Through)
	b.factf("State", "%s", x.Status.State)
	b.factf("In short", "%s", x.Status.Headline)
	figures := x.Status.Figures
	if final := x.Spec.Final; final != nil {
		figures = &final.Figures
		b.factf("Closed on", "%s", closed(final))
	}
	b.aheadf(x.Status.SoftCloseOn, "the figures are provisional from here on")
	b.aheadf(x.Status.HardCloseOn, "the figures can become final")
	b.section("Known since a period was closed", adjustments(x))
	if figures == nil {
		return
	}
	b.wholeFacts(x, figures)
	b.section("Sums", b.sums(x, figures, v1alpha1.GroupTotal))
	b.section("Sums by initiative", b.sums(x, figures, v1alpha1.GroupInitiative))
	b.section("What the vendor wants", wanted(figures))
	b.section("Markets that are not covered", uncovered(figures))
	b.section("Accounts that several partners plan for", conflicts(figures))
	b.section("Tiers", movements(figures))
	b.section("Money granted and not paid", exposure(figures))
	b.section("Benefits", benefits(figures))
}

func closed(final *v1alpha1.FinalFigures) string {
	if final.Basis == v1alpha1.BasisRecomputed {
		return fmt.Sprintf("%s, computed after the close", final.ClosedOn)
	}
	return string(final.ClosedOn)
}

// wholeFacts say how many partners and plans there are, how they stand, how long planning takes and how markets are covered.
func (b *builder) wholeFacts(x *v1alpha1.ProgramReport, figures *v1alpha1.ReportFigures) {
	partners := fmt.Sprint(figures.Partners)
	if figures.Awaited > 0 {
		partners += fmt.Sprintf(", %d of them not evaluated yet", figures.Awaited)
	}
	b.factf("Partners", "%s", partners)
	for i := range figures.Groups {
		g := &figures.Groups[i]
		if g.By != v1alpha1.GroupTotal {
			continue
		}
		b.factf("Plans", "%d: %d approved, %d closed, %d with an overdue review; %d on track, %d at risk, %d off track, %d not judged yet",
			g.Plans, g.Approved, g.Closed, g.Overdue, g.Verdicts.OnTrack, g.Verdicts.AtRisk, g.Verdicts.OffTrack, g.Verdicts.Unknown)
		b.factf("Campaigns", "%s", b.brought(x, g))
	}
	b.factf("Planning", "%s", planning(&figures.Planning))
	if len(figures.Coverage) > 0 {
		b.factf("Coverage", "%s", coverageFact(figures.Coverage))
	}
	if figures.Overlaps > 0 {
		b.factf("Overlaps", "%s of partners in one market, which is no conflict", verdict.Count(figures.Overlaps, "pair"))
	}
}

// brought says what campaigns cost and brought.
func (b *builder) brought(x *v1alpha1.ProgramReport, g *v1alpha1.ReportGroup) string {
	in := func(value v1alpha1.Decimal, label string) string {
		prog := b.index.Program(x)
		if value == "" || prog == nil {
			return labelled(string(value), label)
		}
		return labelled(amount(&v1alpha1.Money{Amount: value, Currency: prog.Spec.Currency}), label)
	}
	return strings.Join(present(
		in(g.Cost, "spent"), in(g.MDFPaid, "MDF paid"), labelled(decimal.Group(string(g.Leads)), "leads"), in(g.Pipeline, "pipeline"), in(g.Revenue, "revenue"),
	), ", ")
}

// planning says how long planning takes, and in whose hands plans lie.
func planning(p *v1alpha1.PlanningPace) string {
	var parts []string
	if p.MedianDays != "" {
		text := fmt.Sprintf("%s days from submission to approval (median of %s)", p.MedianDays, verdict.Count(p.Approvals, "plan"))
		if p.BaselineDays != nil {
			text += fmt.Sprintf(", %d before", *p.BaselineDays)
		}
		parts = append(parts, text)
	}
	if p.VendorDays > 0 || p.PartnerDays > 0 {
		parts = append(parts, fmt.Sprintf("%s with the vendor and %d with partners in all", verdict.Count(p.VendorDays, "day"), p.PartnerDays))
	}
	return strings.Join(append(parts, fmt.Sprintf("waiting now: %d for the vendor, %d for partners", p.WithVendor, p.WithPartner)), "; ")
}

// coverageFact counts markets by how they are covered.
func coverageFact(cells []v1alpha1.CellCoverage) string {
	counts := map[v1alpha1.CoverageState]int{}
	for i := range cells {
		counts[cells[i].State]++
	}
	return fmt.Sprintf("of %s %d are covered, %d thin, %d through a distributor alone, %d a gap", verdict.Count(len(cells), "market"),
		counts[v1alpha1.CoverageCovered], counts[v1alpha1.CoverageThin], counts[v1alpha1.CoverageThroughDistributor], counts[v1alpha1.CoverageGap])
}

// sums explain the sums of a grouping.
func (b *builder) sums(x *v1alpha1.ProgramReport, figures *v1alpha1.ReportFigures, by v1alpha1.ReportGrouping) []Verdict {
	var all []Verdict
	prog := b.index.Program(x)
	for i := range figures.Sums {
		sum := &figures.Sums[i]
		if sum.By != by {
			continue
		}
		value := func(text v1alpha1.Decimal) string {
			if prog != nil && text != "" {
				if metric := prog.Metric(sum.Metric); metric != nil && metric.Unit == v1alpha1.UnitCurrency {
					return string(prog.Spec.Currency) + " " + decimal.Group(string(text))
				}
			}
			return decimal.Group(string(text))
		}
		v := Verdict{Rule: string(sum.Metric), Verdict: "no forecast", Level: concern.Fine, Threshold: value(sum.Target), Found: value(sum.Actual)}
		if by != v1alpha1.GroupTotal {
			v.Rule = sum.Group + ": " + v.Rule
		}
		if sum.Forecast != "" {
			v.Verdict = "forecast " + value(sum.Forecast)
		}
		if sum.ForecastPercent != nil {
			v.Verdict += fmt.Sprintf(", %d%%", *sum.ForecastPercent)
		}
		if short, less := strings.CutPrefix(string(sum.Gap), "-"); less {
			v.Shortfall, v.Level = value(v1alpha1.Decimal(short)), concern.Note
		}
		if sum.WithoutForecast != "" {
			v.Level, v.Message = concern.Note, fmt.Sprintf("of the target, %s has no forecast yet", value(sum.WithoutForecast))
		}
		all = append(all, v)
	}
	return all
}

// wanted explains what the vendor wants of initiatives, against what is planned.
func wanted(figures *v1alpha1.ReportFigures) []Verdict {
	var all []Verdict
	for i := range figures.Targets {
		t := &figures.Targets[i]
		v := Verdict{Rule: fmt.Sprintf("%s: %s", t.Initiative, t.Metric), Verdict: "planned", Level: concern.Fine, Message: t.Message}
		if strings.Trim(string(t.Unplanned), "0.") != "" {
			v.Verdict, v.Level = "not all planned", concern.Note
		}
		all = append(all, v)
	}
	return all
}

// uncovered explains what is missing in the markets that are not covered: those that lack the same stand together.
func uncovered(figures *v1alpha1.ReportFigures) []Verdict {
	var all []Verdict
	for i := range figures.Coverage {
		c := &figures.Coverage[i]
		if c.State == v1alpha1.CoverageCovered {
			continue
		}
		v := Verdict{Rule: fmt.Sprintf("%s %s", c.Territory, c.Segment), Verdict: string(c.State), Level: concern.Note, Message: "missing: " + c.Missing}
		if c.State == v1alpha1.CoverageGap {
			v.Level = concern.Warning
		}
		if c.Competitors != "" {
			v.Message += "; also there: " + string(c.Competitors)
		}
		if at := slices.IndexFunc(all, func(x Verdict) bool { return x.Verdict == v.Verdict && x.Message == v.Message }); at >= 0 {
			all[at].Rule += ", " + v.Rule
			continue
		}
		all = append(all, v)
	}
	return all
}

func conflicts(figures *v1alpha1.ReportFigures) []Verdict {
	var all []Verdict
	for i := range figures.Conflicts {
		c := &figures.Conflicts[i]
		all = append(all, Verdict{
			Rule: string(c.Account), Verdict: "for " + c.Owner + " to settle", Level: concern.Warning, Message: "planned for by " + verdict.List(c.Plans),
		})
	}
	return all
}

func movements(figures *v1alpha1.ReportFigures) []Verdict {
	var all []Verdict
	for _, t := range figures.Tiers {
		v := Verdict{Rule: cmp.Or(t.Tier, "none"), Verdict: verdict.Count(t.Partners, "partner"), Level: concern.Fine}
		var parts []string
		for _, one := range []struct {
			n    int32
			what string
		}{{t.PromotedTo, "promoted to it"}, {t.DemotedTo, "demoted to it"}, {t.HeldInGrace, "held in grace"}} {
			if one.n > 0 {
				parts = append(parts, fmt.Sprintf("%d %s", one.n, one.what))
			}
		}
		v.Message = strings.Join(parts, ", ")
		all = append(all, v)
	}
	return all
}

func exposure(figures *v1alpha1.ReportFigures) []Verdict {
	var all []Verdict
	for i := range figures.Exposure {
		e := &figures.Exposure[i]
		in := func(value v1alpha1.Decimal, label string) string {
			return labelled(amount(&v1alpha1.Money{Amount: value, Currency: e.Currency}), label)
		}
		all = append(all, Verdict{
			Rule: cmp.Or(string(e.CostCentre), "no cost centre"), Verdict: in(e.Granted, "granted"), Level: concern.Fine, Message: strings.Join([]string{
				in(e.Unclaimed, "not claimed"), in(e.Undecided, "claimed and not decided"), in(e.Unpaid, "accepted and not paid"), in(e.Paid, "paid"),
			}, ", "),
		})
	}
	return all
}

// benefits explains what tiers entitle to and plans ask for, against what the vendor has.
func benefits(figures *v1alpha1.ReportFigures) []Verdict {
	var all []Verdict
	for i := range figures.Benefits {
		x := &figures.Benefits[i]
		unit := ""
		if x.Unit != "" {
			unit = " " + string(x.Unit)
		}
		v := Verdict{Rule: string(x.Benefit), Verdict: fmt.Sprintf("%s%s owed to partners", x.Entitled, unit), Level: concern.Fine}
		entitled, wrong := decimal.Parse(x.Entitled)
		capacity, err := decimal.Parse(x.Capacity)
		if err == nil {
			v.Verdict += fmt.Sprintf(", of %s that the vendor has", x.Capacity)
		}
		if x.Asked != "" {
			v.Verdict += fmt.Sprintf("; plans ask for %s, granted %s", x.Asked, x.Granted)
		}
		switch {
		case x.Over != "":
			v.Level, v.Message = concern.Warning, fmt.Sprintf("plans ask for %s more than there is", x.Over)
		case err == nil && wrong == nil && entitled.Cmp(capacity) > 0:
			v.Level, v.Message = concern.Warning, "the tiers entitle to more than there is"
		}
		all = append(all, v)
	}
	return all
}

func adjustments(x *v1alpha1.ProgramReport) []Verdict {
	var all []Verdict
	for i := range x.Status.Adjustments {
		a := &x.Status.Adjustments[i]
		all = append(all, Verdict{Rule: string(a.Report), Verdict: cmp.Or(string(a.Metric), "not adjusted"), Level: concern.Note, Message: a.Message})
	}
	return all
}
