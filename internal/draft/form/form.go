// Package form makes workbooks that people fill who write no manifests, and reads what they filled in.
//
// The layout of a form is derived from the schema of its kind: a field is a labelled cell, a list of objects a table with a row for each, and a list within
// such a list a table whose first column names the row that it belongs to. Nothing here knows a field by its name, but for the table that says which names
// are those of a catalogue. What the schema says of a field is its help text.
//
// A form is read by marks that are hidden in it and never by where a cell happens to be, so rows and columns may be moved. Whatever cannot be read is a
// problem with its cell; nothing is guessed.
package form

import (
	"fmt"
	"slices"

	"jointplan.dev/jointplan/internal/model/kinds"
)

// version is that of the marks in forms. A form with another one was made by another version of the plugin, and cannot be read by this one.
const version = "1"

// Kind is a kind of form.
type Kind struct {
	// Name is how people call it, such as plan.
	Name string
	// Object is the kind of the object that is made of it, such as JointPlan.
	Object string
	// Title is the name of the form and of its first sheet.
	Title string
	// LeftOut are the fields that others than the partner write. A form has them only if the object that it is filled from does.
	LeftOut []string
	// Needs are fields without which the object is refused, though its schema does not require them of every object of the kind.
	Needs []string
}

// forms are all kinds of form.
var forms = []Kind{
	{Name: "plan", Object: kinds.JointPlan, Title: "Plan"},
	{
		Name: "request", Object: kinds.MDFAllocation, Title: "Request", LeftOut: []string{"attestation", "reward"},
		Needs: []string{"activity", "startsOn", "endsOn", "cost", "reimbursementPercent"},
	},
	{Name: "claim", Object: kinds.MDFClaim, Title: "Claim", LeftOut: []string{"attestation", "payments"}, Needs: []string{"costs"}},
	{Name: "results", Object: kinds.MeasurementSet, Title: "Results"},
}

// KindNamed returns the kind of form of a name or of the kind of its object; nil for none.
func KindNamed(name string) *Kind {
	at := slices.IndexFunc(forms, func(k Kind) bool { return k.Name == name || k.Object == name })
	if at < 0 {
		return nil
	}
	return &forms[at]
}

// Form says what a form is for. It is hidden in the workbook.
type Form struct {
	// Kind is the kind of the object.
	Kind string
	// Program is the name of the program whose catalogue the form has.
	Program string
	// Partner is the name of the partner who fills it in.
	Partner string
	// Namespace and Name are those of the object.
	Namespace string
	Name      string
	// Subject is what results are about, as Kind/name; empty for other forms.
	Subject string
	// Labels are those of the object that the form was filled from.
	Labels map[string]string
}

// Place is a cell.
type Place struct {
	// Sheet is the name of its sheet.
	Sheet string `json:"sheet"`
	// Cell is its name, such as C7.
	Cell string `json:"cell"`
}

// String is the place as people write it, such as Goals!C7.
func (p Place) String() string {
	if p.Cell == "" {
		return p.Sheet
	}
	return p.Sheet + "!" + p.Cell
}

// Problem is something to correct in a form.
type Problem struct {
	// Place is where.
	Place
	// Severity is Error, Warning or Info. With an Error nothing is made of the form.
	Severity string `json:"severity"`
	// Rule is the identifier of the finding; empty for what is wrong with a cell itself.
	Rule string `json:"rule,omitempty"`
	// Message says what is wrong and what to do.
	Message string `json:"message"`
}

// String is the problem in one line.
func (p Problem) String() string { return fmt.Sprintf("%s: %s", p.Place, p.Message) }
