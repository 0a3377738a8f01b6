// Package silence_test holds the law that silence never pays: once all facts lie in the past, no verdict turns better as time passes, but for the closed
// table of exceptions in docs/silence.md.
package silence_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/internal/model/health"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// scale orders the values of a field of statuses.
type scale struct {
	// path is a regular expression for the field, without "status." and with the elements of lists as preview names them.
	path string
	// worstFirst are its values; those in one string, apart by spaces, are equally good. A value that is not among them is not compared. "-" is absence.
	worstFirst []string
	// rises and falls say that more, or less, is better. Absent is not compared.
	rises, falls bool
	// goes says that it is better that the element of a list is gone.
	goes bool
}

// scales are what is a verdict, by kind; that of all kinds under "".
var scales = map[string][]scale{
	"": {
		{path: `findings\[.*\]\.severity`, worstFirst: []string{"Error", "Warning", "Info -"}},
	},
	kinds.Partner: {
		{path: `conditions\[InGoodStanding\]\.reason`, worstFirst: []string{"Hold", "ReducedRate", "Watch", "NoCause"}},
		{path: `standing\.step`, worstFirst: []string{"Hold", "ReducedRate", "Watch", "Good"}},
		{path: `standing\.causes\[.*\]\.step`, worstFirst: []string{"Hold", "ReducedRate", "Watch", "-"}},
		{path: `standing\.holds\[.*\]`, goes: true},
		{path: `standing\.ratePercent`, rises: true, goes: true},
		{path: `obligations\[.*\]\.state`, worstFirst: []string{"Overdue", "-"}},
		{path: `obligations\[.*\]\.state`, worstFirst: []string{"Overdue", "Pending", "Submitted", "MetLate", "Met"}},
		{path: `obligations\[.*\]\.(late\[.*\]\.)?(daysLate|days)`, falls: true},
		{path: `effectiveTier`, worstFirst: []string{"-", "registered ready", "silver", "gold", "platinum"}},
		{path: `criteria\[.*\]\.verdict`, worstFirst: []string{"NotMet", "Unknown", "Met"}},
		{path: `plans\.overdue`, falls: true},
		{path: `plans\.approved`, rises: true},
	},
	kinds.JointPlan: {
		{path: `conditions\[ReviewOverdue\]\.reason`, worstFirst: []string{"Escalated", "Overdue", "InGrace", "ReviewDue", "AwaitingConfirmation UpToDate NoReviewsOwed"}},
		{path: `conditions\[OnTrack\]\.reason`, worstFirst: []string{"OffTrack", "AtRisk", "OnTrack"}},
		{path: `conditions\[Approved\]\.reason`, worstFirst: []string{"DecisionOverdue", "AwaitingDecision AmendmentPending Draft Returned Rejected", "Approved"}},
		{path: `goals\[.*\]\.verdict`, worstFirst: []string{"Missed", "OffTrack", "AtRisk", "OnTrack", "Attained"}},
		{path: `goals\[.*\]\.(attainmentPercent|pacePercent)`, rises: true},
		{path: `(sharedTargets\[.*\]\.)?attainmentPercent|pacePercent`, rises: true},
		{path: `reviews\.(overdueSince|escalatedTo)`, goes: true},
		{path: `reviews\.(missed|heldLate)`, falls: true},
		{path: `reviews\.held`, rises: true},
		{path: `reviews\.slots\[.*\]\.state`, worstFirst: []string{"Missed", "Overdue", "InGrace", "Due", "Recorded Held"}},
		{path: `reviews\.slots\[.*\]\.daysLate`, falls: true, goes: true},
		{path: `conditions\[ReconciliationOverdue\]\.reason`, worstFirst: []string{"Escalated", "Overdue", "AwaitingConfirmation UpToDate", "Reconciled NoReconciliationOwed"}},
		{path: `reconciliation\.state`, worstFirst: []string{"Overdue", "Recorded Pending", "Held"}},
		{path: `reconciliation\.(overdueSince|escalatedTo|daysLate)`, goes: true},
		{path: `parties\[.*\]\.(kept|percent)`, rises: true},
		{path: `parties\[.*\]\.(late|overdue)`, falls: true},
		{path: `timeline\[.*\]\.daysLate`, falls: true, goes: true},
		{path: `openItems\[.*\]\.escalatedTo`, goes: true},
		{path: `openItems\[.*\]\.state`, worstFirst: []string{"Overdue", "Pending", "-"}},
		{path: `submission\.(daysLate|overdueSince|escalatedTo)`, goes: true},
		{path: `alignment\.uncovered\[.*\]`, goes: true},
	},
	kinds.Campaign: {
		{path: `leads|pipeline|revenue|returns\..*Percent`, rises: true},
		{path: `cost`, falls: true},
	},
	kinds.MDFAllocation: {
		{path: `stage`, worstFirst: []string{"Refused Released Withdrawn", "Draft PendingApproval", "Waiting", "Granted Settled"}},
		{path: `(granted|paid|claimed)\.amount`, rises: true},
		{path: `decisionDue\.(overdueSince|escalatedTo)`, goes: true},
	},
	kinds.MDFClaim: {
		{path: `stage`, worstFirst: []string{"Refused Lapsed", "Draft SentBack", "PendingDecision", "Accepted", "Settled"}},
		{path: `(payable|paid)\.amount`, rises: true},
		{path: `ownCost\.amount`, falls: true},
		{path: `paymentDue\.(overdueSince|escalatedTo|daysLate)`, goes: true},
	},
	kinds.MDFBudget: {
		{path: `available\.amount`, rises: true},
		{path: `excess\.amount`, falls: true, goes: true},
		{path: `exceptions|exceptionAmount\.amount`, falls: true},
	},
	kinds.PlanReview: {
		{path: `confirmation`, worstFirst: []string{"Upheld", "Disputed", "Pending", "Uncontested", "Dismissed Confirmed"}},
		{path: `dispute\.escalatedTo`, goes: true},
	},
	kinds.PartnerProgram: {
		{path: `plansOverdue|partnersOnHold|(fiscalYears\[.*\]\.)?verdicts\.offTrack|(managers|fiscalYears)\[.*\]\.overdue`, falls: true},
		{path: `plans|(fiscalYears\[.*\]\.)?verdicts\.onTrack|(managers|fiscalYears)\[.*\]\.(plans|approved)|initiatives\[.*\]\.plans`, rises: true},
	},
}

// better reports whether a change of a value is for the better.
func (s *scale) better(from, to string) bool {
	rank := func(value string) int {
		return slices.IndexFunc(s.worstFirst, func(equal string) bool { return slices.Contains(strings.Fields(equal), cmp.Or(value, "-")) })
	}
	if was, is := rank(from), rank(to); was >= 0 && is > was {
		return true
	}
	if s.goes && from != "" && to == "" {
		return true
	}
	was, noFrom := strconv.ParseFloat(from, 64)
	is, noTo := strconv.ParseFloat(to, 64)
	if noFrom != nil || noTo != nil {
		return false
	}
	return s.rises && is > was || s.falls && is < was
}

var conditionStatus = regexp.MustCompile(`^conditions\[(\w+)\]\.status$`)

// isBetter reports whether a change of a field of a kind is one of a verdict for the better.
func isBetter(kind, path, from, to string) bool {
	if found := conditionStatus.FindStringSubmatch(path); found != nil {
		bad := health.BadWhen(found[1])
		rank := func(status string) int {
			switch {
			case status == string(bad):
				return 0
			case status == "" && bad == metav1.ConditionTrue:
				return 2
			case status == "" || status == string(metav1.ConditionUnknown):
				return 1
			default:
				return 2
			}
		}
		return rank(to) > rank(from)
	}
	for _, s := range slices.Concat(scales[""], scales[kind]) {
		if whole(s.path).MatchString(path) && s.better(from, to) {
			return true
		}
	}
	return false
}

var compiled = map[string]*regexp.Regexp{}

func whole(pattern string) *regexp.Regexp {
	if compiled[pattern] == nil {
		compiled[pattern] = regexp.MustCompile("^(?:" + pattern + ")$")
	}
	return compiled[pattern]
}

// general is a path without the names of elements, but for the type of a condition and for what a finding, a cause or an item is about.
func general(path string) string {
	list, rest, named := strings.Cut(path, "[")
	end := strings.LastIndex(rest, "]")
	if !named || end < 0 {
		return path
	}
	name := ""
	if slices.Contains([]string{"conditions", "findings", "standing.causes", "openItems"}, list) {
		name = strings.Fields(rest[:end])[0]
	}
	return list + "[" + name + "]" + rest[end+1:]
}

// exception is a row of the table: verdicts of a kind that may turn better by themselves.
type exception struct {
	kind, verdicts, from, to string
	// with is something else without which they may not: a kind, a verdict and, of another change at the same instant, what it was and becomes, or "is" and
	// what it is then; or one of several such. Empty asks for nothing.
	with   string
	world  uint64 // the first that needs it
	needed bool
}

// page holds the table of exceptions.
const page = "../../docs/silence.md"

// exceptions reads the table.
func exceptions(t *testing.T) []*exception {
	t.Helper()
	raw, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var list []*exception
	for line := range strings.Lines(string(raw)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
			if i < len(cells)-1 {
				cells[i] = strings.ReplaceAll(cells[i], "`", "")
			}
		}
		if len(cells) != 6 || kinds.Named(cells[0]) == nil {
			continue
		}
		if cells[5] == "" {
			t.Errorf("%s: a row does not say why: %s", page, line)
		}
		list = append(list, &exception{kind: cells[0], verdicts: cells[1], from: cells[2], to: cells[3], with: cells[4]})
	}
	if len(list) == 0 {
		t.Fatalf("%s has no table of exceptions", page)
	}
	return list
}

// excuses reports whether a row is about a change for the better, among all changes of its instant.
func (x *exception) excuses(change *turn, all []turn, stand map[manifest.Key]map[string]string) bool {
	is := func(pattern, value string) bool {
		return pattern == "any" || pattern == "some" && value != "" || pattern == cmp.Or(value, "-")
	}
	if x.kind != change.key.Kind || !slices.Contains(strings.Split(x.verdicts, ", "), general(change.path)) || !is(x.from, change.from) || !is(x.to, change.to) {
		return false
	}
	return slices.ContainsFunc(strings.Split(x.with, " or "), func(with string) bool { return together(with, change, all, stand, is) })
}

// together reports whether what a row asks for is so, besides a change.
func together(with string, change *turn, all []turn, stand map[manifest.Key]map[string]string, is func(pattern, value string) bool) bool {
	if with == "" {
		return true
	}
	want := strings.Fields(with)
	near := func(key manifest.Key) bool {
		return key.Namespace == change.key.Namespace || key.Namespace == "" || change.key.Namespace == ""
	}
	if want[2] != "is" {
		return slices.ContainsFunc(all, func(other turn) bool {
			return near(other.key) && other.key.Kind == want[0] && general(other.path) == want[1] && is(want[2], other.from) && is(want[3], other.to)
		})
	}
	for key, values := range stand {
		for path, value := range values {
			if key.Kind == want[0] && near(key) && general(path) == want[1] && is(want[3], value) {
				return true
			}
		}
	}
	return false
}

// turn is a change of a field of a status.
type turn struct {
	at             time.Time
	key            manifest.Key
	path, from, to string
}

func (x turn) String() string {
	return fmt.Sprintf("%s %s %s: %q -> %q", x.at.Format(time.RFC3339), x.key, x.path, cmp.Or(x.from, "-"), cmp.Or(x.to, "-"))
}

// years is for how long worlds are looked at after the last fact.
const years = 3

// unexcused returns the changes for the better, that no exception allows, in a world in which nothing happens after an instant.
func unexcused(t *testing.T, world uint64, set *manifest.Set, after time.Time, table []*exception) []turn {
	t.Helper()
	var found, now []turn
	stand := map[manifest.Key]map[string]string{}
	judge := func() {
		for i := range now {
			if now[i].at.Before(after) || !isBetter(now[i].key.Kind, now[i].path, now[i].from, now[i].to) {
				continue
			}
			excused := false
			for _, x := range table {
				if x.excuses(&now[i], now, stand) {
					excused = true
					if !x.needed {
						x.world, x.needed = world, true
					}
				}
			}
			if !excused {
				found = append(found, now[i])
			}
		}
		now = nil
	}
	err := preview.New(set).Timeline(context.Background(), after.AddDate(-1, 0, 0), after.AddDate(years, 0, 0), func(change preview.Change) error {
		if len(now) > 0 && !now[0].at.Equal(change.At) {
			judge()
		}
		if stand[change.Key()] == nil {
			stand[change.Key()] = map[string]string{}
		}
		for _, field := range change.Fields {
			if path, isStatus := strings.CutPrefix(field.Path, "status."); isStatus && change.Event == preview.EventChanged {
				now = append(now, turn{change.At, change.Key(), path, field.From, field.To})
				stand[change.Key()][path] = field.To
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	judge()
	return found
}

// story is the instant at which the samples tell their story.
var story = time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)

// settles is how long after the last fact it has happened in every zone, and counts: a meeting that was recorded in a zone that is ahead counts from
// its day on.
const settles = 48 * time.Hour

var worlds = flag.Uint64("silence.worlds", 20, "how many worlds are looked at, besides those that are known to tell something")

// telling are the numbers of further worlds that rows of the table need.
var telling = []uint64{54, 73, 565}

// TestSilenceNeverPays lets time pass in the samples, and in worlds that are made of them: those of one partner until some day, without some of the facts,
// and under rules with other numbers of days.
func TestSilenceNeverPays(t *testing.T) {
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, folder)
	if err != nil {
		t.Fatal(err)
	}
	table, reported := exceptions(t), map[string]int{}
	report := func(seed uint64, found []turn) {
		for _, x := range found {
			form := x.key.Kind + " " + general(x.path)
			reported[form]++
			if reported[form] <= 2 {
				t.Errorf("world %d: a verdict turns better although nothing happens: %s", seed, x)
			}
		}
	}
	report(0, unexcused(t, 0, worldUntil(t, set, "", story, everything, 0), story.Add(settles), table))
	seeds := slices.Clone(telling)
	for seed := range *worlds {
		seeds = append(seeds, seed+1)
	}
	for _, seed := range seeds {
		d := newDraw(seed)
		until := story.AddDate(0, 0, d.IntN(150)-60)
		namespaces := slices.Sorted(maps.Keys(set.Namespaces))
		namespace := namespaces[d.IntN(len(namespaces))]
		report(seed, unexcused(t, seed, worldUntil(t, set, namespace, until, d, 0.4*d.Float64()), until.Add(settles), table))
	}
	for form, n := range reported {
		t.Logf("%d times: %s", n, form)
	}
	for _, x := range table {
		row := fmt.Sprintf("| %s | %s | %s | %s | %s |", x.kind, x.verdicts, x.from, x.to, x.with)
		if !x.needed {
			t.Errorf("%s: nothing needs the exception %s: remove the row, or tell of a world that does (telling)", page, row)
		} else {
			t.Logf("world %d needs %s", x.world, row)
		}
	}
}
