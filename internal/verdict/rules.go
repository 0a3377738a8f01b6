package verdict

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Rule identifiers that several kinds share. Each package lists its own beside the code that finds them; docs/findings.md lists all.
const (
	// RuleReferenceNotFound: a reference names nothing that exists and may be used. Remedy: correct the name, or create what it names.
	RuleReferenceNotFound = "ReferenceNotFound"
	// RuleTooManyObjects: a partner wrote more objects of a kind than are evaluated, and this one comes after them. What the vendor has decided on, vouched
	// for, granted or paid is not counted and never left out. Remedy: delete those that nobody needs, or have the vendor act on some.
	RuleTooManyObjects = "TooManyObjects"
	// RuleFindingsTruncated: there are more findings than a status holds. Remedy: correct those that are shown; the others then appear.
	RuleFindingsTruncated = "FindingsTruncated"
)

// NotFound returns the message about a reference that names nothing that may be used: the kind, the name, and the nearest existing name
// if one is near. It does not tell whether the object exists elsewhere.
func NotFound(kind, name string, candidates []string) string {
	return notFound(kind, name) + didYouMean(name, candidates)
}

// NotPermitted is NotFound for a kind of the whole cluster, whose objects say by labels which namespaces may use them: it lists the candidates, which the
// namespace may all use, if none is near, and says who labels the namespace, and how.
func NotPermitted(kind, name, namespace string, candidates []string) string {
	text, otherwise := notFound(kind, name)+hint(name, "the namespace may use", candidates), "; correct the name, or"
	if strings.HasSuffix(text, "?") {
		otherwise = " Otherwise"
	}
	return text + fmt.Sprintf("%s ask an administrator of the vendor's cluster to give the namespace the labels that spec.allowedNamespaces of the %s requires: "+
		"kubectl label namespace %s KEY=VALUE", otherwise, kind, namespace)
}

func notFound(kind, name string) string {
	return fmt.Sprintf("%s %q not found or not permitted", kind, name)
}

func didYouMean(name string, candidates []string) string {
	if near := Nearest(name, candidates); near != "" {
		return fmt.Sprintf(": did you mean %q?", near)
	}
	return ""
}

// maxHinted bounds the names that are listed where none is near.
const maxHinted = 8

// hint asks whether the nearest of some names was meant or, where none is near, lists what there is.
func hint(name, has string, candidates []string) string {
	text := didYouMean(name, candidates)
	if text != "" || len(candidates) == 0 {
		return text
	}
	quoted := make([]string, len(candidates))
	for i, name := range slices.Sorted(slices.Values(candidates)) {
		quoted[i] = strconv.Quote(name)
	}
	return ": " + has + " " + Some(quoted, maxHinted)
}

// NoSuch returns the message about a name that is in none of a catalogue's entries, with the nearest one or, if none is near,
// those that there are.
func NoSuch(what, name string, candidates []string) string {
	return fmt.Sprintf("no %s %q", what, name) + hint(name, "it has", candidates)
}

func andMore(more int) string { return " (and " + Count(more, "more error") + ": see findings)" }
