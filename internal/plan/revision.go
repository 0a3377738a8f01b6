package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
)

const (
	// revisionPrefix is the version of the canonical form. A form that writes the same terms differently needs another prefix.
	revisionPrefix = "v1:"
	// revisionDigits is the number of hexadecimal digits of a revision.
	revisionDigits = 32
	// nameDigits is the number of them in the name of a PlanRevision.
	nameDigits = 10
)

// Revision identifies the content of terms: "v1:" and 32 hexadecimal digits of the SHA-256 of their canonical form. It ignores the
// order of lists, the way in which a number is written ("10", "10.0"), and whether a default is written out; everything else that
// terms hold changes it.
//
// Defaults are those that can be known from the terms alone: part Year of a fiscal year, and, in a period of explicit days, the first
// and last day of the period for the days of goals, activities and commitments.
func Revision(terms *v1alpha1.PlanTerms) string {
	sum := sha256.Sum256([]byte(canonical(terms)))
	return revisionPrefix + hex.EncodeToString(sum[:])[:revisionDigits]
}

// RevisionName returns the name of the PlanRevision that keeps a revision of a plan: the plan's name and the first 10 digits.
func RevisionName(plan, revision string) string {
	digits := strings.TrimPrefix(revision, revisionPrefix)
	return plan + "-" + digits[:min(nameDigits, len(digits))]
}

// canonical writes terms as text, a line per field that is present. Fields are listed by hand: a field that is added to the API is
// added here and, being absent in old terms, leaves their revisions as they are.
func canonical(terms *v1alpha1.PlanTerms) string {
	f := form{}
	f.text("partner", string(terms.PartnerRef.Name))
	f.period(terms.Period)
	f.text("segment", string(terms.Segment))
	f.text("vision", string(terms.Vision))
	f.swot(terms.SWOT)
	f.items("goal", forms(terms.Goals, func(x *v1alpha1.Goal) form { return goalForm(x, terms.Period) }))
	f.items("strategy", forms(terms.Strategies, strategyForm))
	f.valueProposition(terms.ValueProposition)
	f.items("activity", forms(terms.Activities, func(x *v1alpha1.PlannedActivity) form { return activityForm(x, terms.Period) }))
	f.items("commitment", forms(terms.Commitments, func(x *v1alpha1.Commitment) form { return commitmentForm(x, terms.Period) }))
	f.items("risk", forms(terms.Risks, riskForm))
	f.items("account", forms(terms.TargetAccounts, accountForm))
	return string(f)
}

// form is canonical text under construction. Values are quoted, so no value can look like another line.
type form []byte

// text writes a field, unless it is absent.
func (f *form) text(field, value string) {
	if value == "" {
		return
	}
	*f = append(*f, field...)
	*f = append(*f, '=')
	*f = strconv.AppendQuote(*f, value)
	*f = append(*f, '\n')
}

// number writes a decimal in its shortest form, or as it stands when it is none.
func (f *form) number(field, value string) {
	if exact, err := decimal.Parse(value); err == nil {
		value = decimal.Short(exact, decimal.MaxFractionDigits)
	}
	f.text(field, value)
}

// unless writes a field, unless it is absent or what absent means.
func (f *form) unless(field string, value, absent v1alpha1.Date) {
	if value != absent {
		f.text(field, string(value))
	}
}

// items writes the items of a list in the order of their own canonical text: the order in which they stand means nothing.
func (f *form) items(field string, items []form) {
	sorted := make([]string, 0, len(items))
	for _, item := range items {
		sorted = append(sorted, string(item))
	}
	slices.Sort(sorted)
	for _, item := range sorted {
		*f = append(*f, field...)
		*f = append(*f, "{\n"...)
		*f = append(*f, item...)
		*f = append(*f, "}\n"...)
	}
}

// set writes the elements of a set in order, each once.
func (f *form) set(field string, elements []v1alpha1.Name) {
	sorted := slices.Clone(elements)
	slices.Sort(sorted)
	for _, element := range slices.Compact(sorted) {
		*f = append(*f, field...)
		*f = append(*f, '+')
		f.text("", string(element))
	}
}

// titles writes lines of text in order of the alphabet.
func (f *form) titles(field string, lines []v1alpha1.Title) {
	f.items(field, forms(lines, func(x *v1alpha1.Title) form {
		line := form{}
		line.text("text", string(*x))
		return line
	}))
}

func (f *form) period(period v1alpha1.Period) {
	if period.FiscalYear != nil {
		f.text("period.fiscalYear", strconv.Itoa(int(*period.FiscalYear)))
	}
	if period.FiscalYear == nil || period.Part != v1alpha1.PartYear {
		f.text("period.part", string(period.Part))
	}
	f.text("period.from", string(period.From))
	f.text("period.through", string(period.Through))
}

func (f *form) swot(swot *v1alpha1.SWOT) {
	if swot == nil {
		return
	}
	f.titles("swot.strength", swot.Strengths)
	f.titles("swot.weakness", swot.Weaknesses)
	f.titles("swot.opportunity", swot.Opportunities)
	f.titles("swot.threat", swot.Threats)
}

func (f *form) valueProposition(proposition *v1alpha1.ValueProposition) {
	if proposition == nil {
		return
	}
	f.text("valueProposition.relevant", string(proposition.Relevant))
	f.text("valueProposition.quantified", string(proposition.Quantified))
	f.text("valueProposition.differentiated", string(proposition.Differentiated))
}

func goalForm(goal *v1alpha1.Goal, period v1alpha1.Period) form {
	f := form{}
	f.text("name", string(goal.Name))
	f.text("title", string(goal.Title))
	f.text("metric", string(goal.Metric))
	f.text("deliverable", string(goal.Deliverable))
	f.set("initiative", goal.Initiatives)
	f.text("owner", string(goal.Owner))
	f.number("baseline", string(goal.Baseline))
	if target := goal.Target; target != nil {
		f.text("target.mode", string(target.Mode))
		f.number("target.value", string(target.Value))
		f.text("target.unit", string(target.Unit))
	}
	f.unless("due", goal.Due, period.Through)
	f.number("weightPercent", string(goal.WeightPercent))
	f.number("gatePercent", string(goal.GatePercent))
	f.items("milestone", forms(goal.Milestones, milestoneForm))
	return f
}

func milestoneForm(milestone *v1alpha1.Milestone) form {
	f := form{}
	f.text("day", string(milestone.Day))
	f.number("value", string(milestone.Value))
	return f
}

func strategyForm(strategy *v1alpha1.Strategy) form {
	f := form{}
	f.text("name", string(strategy.Name))
	f.text("description", string(strategy.Description))
	f.set("initiative", strategy.Initiatives)
	return f
}

func activityForm(activity *v1alpha1.PlannedActivity, period v1alpha1.Period) form {
	f := form{}
	f.text("name", string(activity.Name))
	f.text("type", string(activity.Type))
	f.set("initiative", activity.Initiatives)
	f.unless("from", activity.From, period.From)
	f.unless("through", activity.Through, period.Through)
	if cost := activity.Cost; cost != nil {
		f.number("cost.amount", string(cost.Amount))
		f.text("cost.currency", string(cost.Currency))
	}
	return f
}

func commitmentForm(commitment *v1alpha1.Commitment, period v1alpha1.Period) form {
	f := form{}
	f.text("name", string(commitment.Name))
	f.text("party", string(commitment.Party))
	f.text("description", string(commitment.Description))
	f.set("goal", commitment.Goals)
	f.unless("due", commitment.Due, period.Through)
	return f
}

func riskForm(risk *v1alpha1.Risk) form {
	f := form{}
	f.text("name", string(risk.Name))
	f.text("description", string(risk.Description))
	f.text("trigger", string(risk.Trigger))
	f.text("contingency", string(risk.Contingency))
	f.text("owner", string(risk.Owner))
	return f
}

func accountForm(account *v1alpha1.TargetAccount) form {
	f := form{}
	f.text("name", string(account.Name))
	f.text("vendorOwner", string(account.VendorOwner))
	f.text("partnerOwner", string(account.PartnerOwner))
	return f
}

// forms returns the canonical text of each item of a list.
func forms[T any](list []T, of func(*T) form) []form {
	all := make([]form, 0, len(list))
	for i := range list {
		all = append(all, of(&list[i]))
	}
	return all
}
