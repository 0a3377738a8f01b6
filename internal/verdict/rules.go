package verdict

import "fmt"

// Rule identifiers that several kinds share. Each package lists its own beside the code that finds them; docs/findings.md lists all.
const (
	// RuleReferenceNotFound: a reference names nothing that exists and may be used. Remedy: mend the name, or create what it names.
	RuleReferenceNotFound = "ReferenceNotFound"
	// RuleTooManyObjects: a partner wrote more objects of a kind than are evaluated, and this one comes after them. What the vendor has decided on, vouched
	// for, granted or paid is not counted and never left out. Remedy: delete those that nobody needs, or have the vendor act on some.
	RuleTooManyObjects = "TooManyObjects"
	// RuleFindingsTruncated: there are more findings than a status holds. Remedy: mend those that are shown; the others then appear.
	RuleFindingsTruncated = "FindingsTruncated"
)

// NotFound returns the message about a reference that names nothing that may be used: the kind, the name, the nearest existing name
// if one is near, and the remedy. It does not tell whether the object exists elsewhere.
func NotFound(kind, name string, candidates []string) string {
	message := fmt.Sprintf("%s %q not found or not permitted", kind, name)
	if near := Nearest(name, candidates); near != "" {
		message += fmt.Sprintf(": did you mean %q?", near)
	}
	return message
}

// NoSuch returns the message about a name that is in none of a catalogue's entries, with the nearest one if one is near.
func NoSuch(what, name string, candidates []string) string {
	message := fmt.Sprintf("no %s %q", what, name)
	if near := Nearest(name, candidates); near != "" {
		message += fmt.Sprintf(": did you mean %q?", near)
	}
	return message
}

func andMore(more int) string { return " (and " + Count(more, "more error") + ": see findings)" }
