package report

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/view/lineage"
)

// Whole says of which report on a program figures are. They are read from ProgramReports, which alone add up a program as a whole.
type Whole struct {
	// Report is the name of the ProgramReport.
	Report string `json:"report"`
	// Program is the name of the program.
	Program string `json:"program"`
	// Period is the period, such as "FY2027 H1".
	Period string `json:"period"`
	// State says how firm the figures are: Open, Provisional, Closing or Final.
	State v1alpha1.ReportState `json:"state"`
	// Message says when they are firmer, and what they wait for.
	Message string `json:"message,omitempty"`
}

// Outlook is what plans aim at, have reached and will reach.
type Outlook struct {
	// By is what the rows are grouped by.
	By string `json:"by"`
	// Programs are the programs by name; by period, one for each period, the newest first.
	Programs []ProgramOutlook `json:"programs"`
}

// ProgramOutlook is the outlook of a program in a period.
type ProgramOutlook struct {
	Whole `json:",inline"`

	// Rows are the groups by metric and name, tiers from the highest down; what is in several, none or the others comes last. None by program and by
	// period: then the total says all.
	Rows []OutlookRow `json:"rows"`
	// Total is all together, by metric. The groups of a metric add up to it.
	Total []OutlookRow `json:"total"`
	// Note says why there are no rows, where that is so.
	Note string `json:"note,omitempty"`
}

// OutlookRow is what the plans of a group aim at, have reached and will reach, of one metric.
type OutlookRow struct {
	v1alpha1.ReportSum `json:",inline"`

	// Currency is the currency of the figures; empty where they are none of money, or where the program is not at hand.
	Currency v1alpha1.CurrencyCode `json:"currency,omitempty"`
}

// Coverage says how markets are covered.
type Coverage struct {
	// Programs are the programs by name.
	Programs []ProgramCoverage `json:"programs"`
}

// ProgramCoverage says how the markets of a program are covered.
type ProgramCoverage struct {
	Whole `json:",inline"`

	// Cells are the markets, in the order of the strategy.
	Cells []v1alpha1.CellCoverage `json:"cells"`
	// Overlaps is the number of pairs of partners that sell to the same segment of the same territory.
	Overlaps int32 `json:"overlaps"`
}

// Exposure is money that is granted and not paid.
type Exposure struct {
	// Programs are the programs by name.
	Programs []ProgramExposure `json:"programs"`
}

// ProgramExposure is the money of a program.
type ProgramExposure struct {
	Whole `json:",inline"`

	// Rows are the cost centres.
	Rows []v1alpha1.Exposure `json:"rows"`
}

// ErrNoReport says that no program is reported on.
var ErrNoReport = errors.New("no program is reported on")

// OutlookBy returns what plans aim at, have reached and will reach, in a period: with an empty one, in the shortest that runs today of each program. By
// period it is all periods, or those in the period that is given.
func OutlookBy(index *lineage.Index, by, period string, now time.Time) (*Outlook, error) {
	grouping, known := groupings[by]
	if !known {
		return nil, fmt.Errorf("no forecasts are added up by %s: kubectl jointplan explain plan/NAME shows those of a plan", by)
	}
	o := &Outlook{By: by, Programs: []ProgramOutlook{}}
	reports, err := chosen(index, label(period), by == byPeriod, now)
	for _, x := range reports {
		o.Programs = append(o.Programs, outlookOf(index, x, by, grouping))
	}
	return o, err
}

func outlookOf(index *lineage.Index, x *v1alpha1.ProgramReport, by string, grouping v1alpha1.ReportGrouping) ProgramOutlook {
	p := ProgramOutlook{Whole: wholeOf(x), Rows: []OutlookRow{}, Total: []OutlookRow{}}
	prog := index.Program(x)
	for _, sum := range figuresOf(x).Sums {
		row := OutlookRow{ReportSum: sum}
		if prog != nil {
			if metric := prog.Metric(sum.Metric); metric != nil && metric.Unit == v1alpha1.UnitCurrency {
				row.Currency = prog.Spec.Currency
			}
		}
		switch sum.By { //nolint:exhaustive // the others are not asked for
		case v1alpha1.GroupTotal:
			p.Total = append(p.Total, row)
		case grouping:
			p.Rows = append(p.Rows, row)
		}
	}
	order := inOrder(index, by)
	name := func(row *OutlookRow) string {
		if strings.HasPrefix(row.Group, "(") {
			return ""
		}
		return row.Group
	}
	slices.SortStableFunc(p.Rows, func(a, b OutlookRow) int {
		if one, other := name(&a), name(&b); a.Metric == b.Metric && (one != "" || other != "") {
			return order(one, other)
		}
		return cmp.Compare(a.Metric, b.Metric)
	})
	switch {
	case len(p.Total) == 0:
		p.Note = "no plan of the period has a goal that adds up and is approved"
	case len(p.Rows) == 0 && grouping == v1alpha1.GroupManager:
		p.Note = "nothing is added up by channel manager: the ChannelStrategy keeps no evidence about managers (spec.managers)"
	}
	return p
}

// CoverageOf returns how markets are covered, in a period as OutlookBy has it.
func CoverageOf(index *lineage.Index, period string, now time.Time) (*Coverage, error) {
	c := &Coverage{Programs: []ProgramCoverage{}}
	reports, err := chosen(index, label(period), false, now)
	for _, x := range reports {
		figures := figuresOf(x)
		c.Programs = append(c.Programs, ProgramCoverage{Whole: wholeOf(x), Cells: append([]v1alpha1.CellCoverage{}, figures.Coverage...), Overlaps: figures.Overlaps})
	}
	return c, err
}

// ExposureOf returns money that is granted and not paid, in a period as OutlookBy has it.
func ExposureOf(index *lineage.Index, period string, now time.Time) (*Exposure, error) {
	e := &Exposure{Programs: []ProgramExposure{}}
	reports, err := chosen(index, label(period), false, now)
	for _, x := range reports {
		e.Programs = append(e.Programs, ProgramExposure{Whole: wholeOf(x), Rows: append([]v1alpha1.Exposure{}, figuresOf(x).Exposure...)})
	}
	return e, err
}

func wholeOf(x *v1alpha1.ProgramReport) Whole {
	w := Whole{Report: x.Name, Program: string(x.Spec.ProgramRef.Name), Period: x.Spec.Period, State: x.Status.State}
	for _, c := range x.Status.Conditions {
		if c.Type == v1alpha1.ConditionFinal {
			w.Message = c.Message
		}
	}
	return w
}

// figuresOf returns the figures of a report: the final ones once there are; none of one that is not evaluated.
func figuresOf(x *v1alpha1.ProgramReport) *v1alpha1.ReportFigures {
	switch {
	case x.Spec.Final != nil:
		return &x.Spec.Final.Figures
	case x.Status.Figures != nil:
		return x.Status.Figures
	default:
		return &v1alpha1.ReportFigures{}
	}
}

// chosen returns reports by program: that of a period or, with an empty one, that of the shortest period that runs today, else the newest. With all, it is
// those of all periods, or of those within the one that is given, the newest first.
func chosen(index *lineage.Index, period string, all bool, now time.Time) ([]*v1alpha1.ProgramReport, error) {
	byProgram, periods := map[v1alpha1.Name][]*v1alpha1.ProgramReport{}, []string{}
	var programs []v1alpha1.Name
	for _, object := range index.Objects() {
		if x, ok := object.(*v1alpha1.ProgramReport); ok {
			name := x.Spec.ProgramRef.Name
			if byProgram[name] == nil {
				programs = append(programs, name)
			}
			byProgram[name], periods = append(byProgram[name], x), append(periods, x.Spec.Period)
		}
	}
	if len(programs) == 0 {
		return nil, ErrNoReport
	}
	slices.Sort(programs)
	var list []*v1alpha1.ProgramReport
	for _, name := range programs {
		reports := byProgram[name]
		slices.SortFunc(reports, newestFirst)
		switch {
		case all:
			list = append(list, slices.DeleteFunc(reports, func(x *v1alpha1.ProgramReport) bool { return period != "" && !within(x.Spec.Period, period) })...)
		case period != "":
			list = append(list, slices.DeleteFunc(reports, func(x *v1alpha1.ProgramReport) bool { return x.Spec.Period != period })...)
		default:
			list = append(list, running(index, reports, now))
		}
	}
	if len(list) == 0 {
		slices.Sort(periods)
		return nil, fmt.Errorf("there is no report on %q: there are reports on %s", period, strings.Join(slices.Compact(periods), ", "))
	}
	return list, nil
}

// newestFirst orders reports: periods that begin later first, and of those the shorter ones.
func newestFirst(a, b *v1alpha1.ProgramReport) int {
	return cmp.Or(cmp.Compare(b.Spec.From, a.Spec.From), cmp.Compare(a.Spec.Through, b.Spec.Through), cmp.Compare(a.Name, b.Name))
}

// running returns the report of the shortest period that runs today or, when none does, the first.
func running(index *lineage.Index, reports []*v1alpha1.ProgramReport, now time.Time) *v1alpha1.ProgramReport {
	best, shortest := reports[0], 0
	for _, x := range reports {
		span, err := fiscal.ParseSpan(x.Spec.From, x.Spec.Through)
		if err == nil && span.Contains(index.Today(x, now)) && (shortest == 0 || span.Days() < shortest) {
			best, shortest = x, span.Days()
		}
	}
	return best
}
