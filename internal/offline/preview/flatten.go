package preview

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// flat is a status as values by their paths, without the bookkeeping on which no verdict rests.
type flat map[string]value

// value is one value of a status.
type value struct {
	text    string
	element string // the path of the element of a list that it belongs to; empty when to none
}

// bookkeeping are the fields that say nothing about how an object stands, or only what follows from the rest.
var bookkeeping = map[string]bool{"lastTransitionTime": true, "observedGeneration": true, "nextSteps": true}

// identities are the fields that tell the elements of each list of objects in our statuses apart. They are named in paths, so that an
// element that comes or goes does not look like a change of all after it. Of fields that are divided by |, the first one that is there counts,
// and none twice.
var identities = map[string][]string{
	"adjustments":      {"report", "metric"},
	"approvals":        {"party|by"},
	"activities":       {"name"},
	"benefits":         {"name|benefit", "period|benefit"},
	"budgets":          {"name"},
	"causes":           {"cause", "about"},
	"cohorts":          {"month"},
	"conditions":       {"type"},
	"conflicts":        {"account"},
	"costPerResult":    {"metric"},
	"coverage":         {"territory", "segment"},
	"criteria":         {"tier", "subject"},
	"evaluations":      {"day"},
	"exposure":         {"costCentre", "currency"},
	"findings":         {"rule", "field"},
	"fiscalYears":      {"fiscalYear"},
	"funnel":           {"metric"},
	"goals":            {"name"},
	"groups":           {"by", "group"},
	"initiativeShares": {"initiative"},
	"incentives":       {"budget", "reward", "through"},
	"initiatives":      {"initiative"},
	"late":             {"party"},
	"obligations":      {"period"},
	"openItems":        {"kind", "name"},
	"owedPlans":        {"from"},
	"parties":          {"party"},
	"quarters":         {"goal", "label"},
	"scoresByRevision": {"approvedOn"},
	"sharedActivities": {"name"},
	"sharedTargets":    {"metric", "due"},
	"slots":            {"due"},
	"stages":           {"name"},
	"sums":             {"by", "group", "metric"},
	"targets":          {"initiative", "metric"},
	"tiers":            {"tier"},
	"timeline":         {"step", "from"},
	"unlocks":          {"kind", "what"},
}

// flatten returns the status of an object, or what stands in a ledger.
func flatten(object Object) flat {
	all, root, content := flat{}, "status", kinds.Status(object)
	if ledger, ok := object.(*v1alpha1.MDFLedger); ok {
		root, content = "spec", ledger.Spec
	}
	raw, err := json.Marshal(content)
	if err != nil {
		return all // our statuses can always be marshalled
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber() // a number is shown as it is
	var decoded any
	if err := decoder.Decode(&decoded); err == nil {
		all.add(root, "", "", decoded)
	}
	return all
}

// add adds all values below a path. Key is the last field of the path.
func (f flat) add(path, key, element string, below any) {
	switch below := below.(type) {
	case map[string]any:
		for name, one := range below {
			if !bookkeeping[name] {
				f.add(path+"."+name, name, element, one)
			}
		}
	case []any:
		used := map[string]bool{}
		for _, one := range below {
			name := distinct(identity(key, one), used)
			used[name] = true
			inner := fmt.Sprintf("%s[%s]", path, name)
			f.add(inner, "", inner, one)
		}
	case nil:
	default:
		f[path] = value{text: fmt.Sprint(below), element: element}
	}
}

// elements returns the paths of the elements of lists that have values; the empty path stands for what is outside lists.
func (f flat) elements() map[string]bool {
	all := map[string]bool{"": true}
	for _, one := range f {
		all[one.element] = true
	}
	return all
}

// distinct returns a name, numbered when it is used already: elements that are alike must not hide each other's changes.
func distinct(name string, used map[string]bool) string {
	numbered := name
	for i := 2; used[numbered]; i++ {
		numbered = fmt.Sprintf("%s #%d", name, i)
	}
	return numbered
}

// identity returns what tells an element of a list from the others.
func identity(list string, element any) string {
	fields, ok := element.(map[string]any)
	if !ok {
		return fmt.Sprint(element)
	}
	var parts []string
	counted := map[string]bool{}
	for _, alternatives := range identities[list] {
		for field := range strings.SplitSeq(alternatives, "|") {
			switch part := fields[field].(type) {
			case string, json.Number:
				if text := fmt.Sprint(part); text != "" && !counted[field] {
					parts, counted[field] = append(parts, text), true
				}
			default:
				continue
			}
			break
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, " ")
}
