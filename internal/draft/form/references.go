package form

import (
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// reference says which names a field takes.
type reference struct {
	list   string
	strict bool // any other name is a mistake; else the list is help, and the evaluation judges
}

// references are the fields that name something, by the last part of their path that says more than "name".
var references = map[string]reference{
	"metric":        {"Metrics", true},
	"initiatives":   {"Initiatives", true},
	"type":          {"Activity types", true},
	"segment":       {"Segments", false},
	"currency":      {"Currencies", false},
	"partnerRef":    {"Partners", false},
	"planRef":       {"Plans", false},
	"budgetRef":     {"Budgets", false},
	"allocationRef": {"Requests", false},
	"activity":      {"Planned activities", false},
	"goal":          {"Goals of the plan", false},
	"competency":    {"Competencies", false},
}

// refer finds the list of names that a field takes: the names of the rows of another sheet where one is called like it, else a list of the catalogue.
func (l *layout) refer(s *section, f *field) {
	name := f.path[len(f.path)-1]
	if name == "name" && len(f.path) > 1 {
		name = f.path[len(f.path)-2]
	}
	switch {
	case f.isParent():
		f.list = sheetMark + s.parent.sheet
		return
	case len(f.values) > 0 || f.holds != text:
		return
	}
	for _, other := range l.sections {
		if other != s && other.isTable && other.parent == nil && other.key != "" && f.item > 0 && name == other.path[len(other.path)-1] {
			f.list = sheetMark + other.sheet
			return
		}
	}
	if of, found := references[name]; found {
		f.list, f.strict = of.list, of.strict
	}
}

// Lists are the names that fields can take, by the name of the list.
type Lists map[string][]string

// Add adds a name to a list, unless it is there.
func (l Lists) Add(list string, names ...string) {
	for _, name := range names {
		if name != "" && !slices.Contains(l[list], name) {
			l[list] = append(l[list], name)
		}
	}
}

// Catalogue returns the lists of a program.
func Catalogue(program *v1alpha1.PartnerProgramSpec) Lists {
	l := Lists{}
	for i := range program.Metrics {
		l.Add("Metrics", string(program.Metrics[i].Name))
	}
	for i := range program.Initiatives {
		l.Add("Initiatives", string(program.Initiatives[i].Name))
	}
	for i := range program.Activities {
		l.Add("Activity types", string(program.Activities[i].Type))
	}
	for i := range program.SeasonCurves {
		l.Add("Segments", string(program.SeasonCurves[i].Segment))
	}
	l.Add("Currencies", string(program.Currency))
	for i := range program.ExchangeRates {
		l.Add("Currencies", string(program.ExchangeRates[i].From), string(program.ExchangeRates[i].To))
	}
	for i := range program.RuleSets {
		for j := range program.RuleSets[i].Tiers {
			for _, requirement := range program.RuleSets[i].Tiers[j].Requirements {
				l.Add("Competencies", string(requirement.Competency))
			}
		}
	}
	return l
}
