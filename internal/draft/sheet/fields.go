package sheet

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/table"
	"jointplan.dev/jointplan/internal/verdict"
)

// Kind is what the rows of a sheet are.
type Kind int

// Kinds.
const (
	Partners Kind = iota
	Budgets
	Plans
)

// field is what a column can say.
type field struct {
	name     string
	required bool
	headers  []string // the documented one first, then what people call it too
}

var fieldsOf = map[Kind][]field{
	Partners: {
		{"displayName", true, []string{"Display Name", "Partner", "Partner Name", "Company", "Company Name", "Account", "Account Name", "Name", "Firma", "Firmenname", "Partnername"}},
		{"name", false, []string{"Object Name", "Short Name", "Slug", "Kurzname"}},
		{"namespace", false, []string{"Namespace"}},
		{"type", false, []string{"Type", "Partner Type", "Partnertyp", "Typ"}},
		{"tier", false, []string{"Tier", "Partner Tier", "Level", "Partner Level", "Stufe", "Partnerstufe"}},
		{"tierSince", false, []string{"Tier Since", "Level Since", "Tier Date", "Stufe Seit"}},
		{"memberSince", false, []string{"Member Since", "Partner Since", "Joined", "Joined On", "Join Date", "Partner Seit", "Mitglied Seit"}},
		{"region", false, []string{"Region", "Sales Region", "Vertriebsregion"}},
		{"territories", false, []string{"Territories", "Territory", "Gebiete", "Gebiet"}},
		{"segments", false, []string{"Segments", "Segment", "Market Segment", "Segmente"}},
		{"competencies", false, []string{"Competencies", "Certifications", "Certificates", "Zertifikate"}},
		{"agreementSignedOn", false, []string{"Agreement Signed On", "Agreement Signed", "Contract Date", "Contract Signed", "Vertrag Vom"}},
		{"agreementEndsOn", false, []string{"Agreement Ends On", "Agreement Ends", "Contract End", "Contract Ends", "Vertrag Bis"}},
		{"contact", false, []string{"Contact", "Contact Name", "Primary Contact", "Ansprechpartner", "Kontakt"}},
		{"contactEmail", false, []string{"Contact Email", "Contact E-Mail", "Email", "E-Mail"}},
		{"channelManager", false, []string{"Channel Manager", "Partner Manager", "Account Manager", "Betreuer"}},
		{"channelManagerEmail", false, []string{"Channel Manager Email", "Partner Manager Email"}},
		{"distributor", false, []string{"Distributor", "Parent", "Buys From", "Distributor Name"}},
	},
	Budgets: {
		{"displayName", true, []string{"Budget", "Display Name", "Budget Name", "Name", "Titel", "Title"}},
		{"name", false, []string{"Object Name", "Short Name", "Slug", "Kurzname"}},
		{"period", false, []string{"Period", "Fiscal Period", "Fiscal Year", "FY", "Zeitraum", "Geschäftsjahr"}},
		{"from", false, []string{"From", "Starts On", "Start Date", "Von"}},
		{"through", false, []string{"Through", "Ends On", "End Date", "Bis"}},
		{"amount", true, []string{"Amount", "Budget Amount", "Total", "Betrag", "Summe"}},
		{"currency", false, []string{"Currency", "Währung"}},
		{"labels", false, []string{"Namespace Labels", "Labels"}},
		{"activities", false, []string{"Activities", "Activity Types", "Aktivitäten"}},
		{"requestBy", false, []string{"Request By", "Requests Until", "Antrag Bis"}},
		{"receivedBy", false, []string{"Claims Received By", "Claims Until", "Abrechnung Bis"}},
	},
	Plans: {
		{"partner", true, []string{"Partner", "Partner Name", "Company", "Company Name", "Account", "Account Name", "Firma", "Partnername"}},
		{"name", false, []string{"Object Name", "Plan Name", "Plan"}},
		{"period", false, []string{"Period", "Fiscal Period", "Fiscal Year", "FY", "Zeitraum"}},
		{"from", false, []string{"From", "Starts On", "Start Date", "Von"}},
		{"through", false, []string{"Through", "Ends On", "End Date", "Bis"}},
		{"metric", true, []string{"Metric", "KPI", "Goal", "Kennzahl", "Ziel"}},
		{"target", true, []string{"Target", "Target Value", "Plan Value", "Zielwert", "Soll"}},
		{"result", false, []string{"Result", "Actual", "Actuals", "Achieved", "Ergebnis", "Ist"}},
		{"currency", false, []string{"Currency", "Währung"}},
	},
}

// Field is a field with the headers by which it is found, for those who document it.
type Field struct {
	// Name is the field's name, as a mapping has it.
	Name string
	// Required says that a sheet without it cannot be read.
	Required bool
	// Headers are those that it is found by.
	Headers []string
}

// Fields lists what the columns of a kind of sheet can say.
func Fields(kind Kind) []Field {
	list := make([]Field, 0, len(fieldsOf[kind]))
	for _, f := range fieldsOf[kind] {
		list = append(list, Field{Name: f.name, Required: f.required, Headers: slices.Clone(f.headers)})
	}
	return list
}

// describe names the columns of fields.
func describe(fields []field, names []string) string {
	var list []string
	for _, f := range fields {
		if slices.Contains(names, f.name) {
			list = append(list, fmt.Sprintf("a column %q", f.headers[0]))
		}
	}
	return verdict.List(list)
}

// binding is where the fields of a sheet come from.
type binding struct {
	columns    *table.Columns
	at         map[string]int
	constant   map[string]string
	values     map[string]map[string]string // by field and key of the text
	missing    map[string]bool
	skip, only []filter
	ignored    []string
}

type filter struct {
	column int
	header string
	values map[string]bool
}

// bind finds the columns of fields by a header. It returns the fields that are required and not found.
func (in *intake) bind(header *table.Row) (b *binding, missing []string, err error) {
	b = &binding{
		columns: table.NewColumns(header), at: map[string]int{}, constant: map[string]string{}, values: map[string]map[string]string{}, missing: map[string]bool{},
	}
	var wrong []error
	used := map[int]bool{}
	find := func(header, what string) int {
		at, err := b.columns.Find(header)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", what, err))
			return none
		}
		used[at] = true
		return at
	}
	mapped := map[string]*importsv1alpha1.FieldSource{}
	taken := map[string]bool{} // headers that the mapping gives to a field
	for i := range in.spec.Columns {
		of := &in.spec.Columns[i]
		mapped[string(of.Field)], taken[table.Key(string(of.Column))] = of, true
	}
	for _, f := range in.fields {
		b.at[f.name] = none
		of := mapped[f.name]
		switch {
		case of != nil && of.Value != "":
			b.constant[f.name] = of.Value
		case of != nil:
			if f.required && !b.columns.Has(string(of.Column)) {
				missing = append(missing, f.name)
			}
			b.at[f.name] = find(string(of.Column), "spec.columns of the mapping, field "+f.name)
		default:
			header, err := b.synonym(&f, taken)
			if err != nil {
				wrong = append(wrong, err)
			}
			if header != "" {
				b.at[f.name] = find(header, f.name)
			} else if f.required && err == nil {
				missing = append(missing, f.name)
			}
		}
	}
	b.bindValues(in.spec, find)
	for i, text := range b.columns.Header {
		if text != "" && !used[i] {
			b.ignored = append(b.ignored, text)
		}
	}
	return b, missing, errors.Join(wrong...)
}

// bindValues reads what the mapping says of cells and rows.
func (b *binding) bindValues(spec *importsv1alpha1.ObjectsMappingSpec, find func(header, what string) int) {
	for i := range spec.Values {
		v := &spec.Values[i]
		if b.values[string(v.Field)] == nil {
			b.values[string(v.Field)] = map[string]string{}
		}
		b.values[string(v.Field)][table.Key(v.Written)] = v.Means
	}
	for _, text := range spec.Missing {
		b.missing[table.Key(text)] = true
	}
	for i, filters := range [][]importsv1alpha1.RowFilter{spec.Skip, spec.Only} {
		for j := range filters {
			f := filter{header: string(filters[j].Column), values: map[string]bool{}}
			f.column = find(f.header, "spec."+[]string{"skip", "only"}[i]+" of the mapping")
			for _, value := range filters[j].Values {
				f.values[table.Key(value)] = true
			}
			if i == 0 {
				b.skip = append(b.skip, f)
			} else {
				b.only = append(b.only, f)
			}
		}
	}
}

// synonym returns the header by which a field is found: the documented one, else the only one of the others that is there.
func (b *binding) synonym(f *field, taken map[string]bool) (string, error) {
	var found []string
	for i, header := range f.headers {
		if !b.columns.Has(header) || taken[table.Key(header)] {
			continue
		}
		if i == 0 {
			return header, nil
		}
		found = append(found, header)
	}
	switch len(found) {
	case 0:
		return "", nil
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("the columns %s can each be %s: name the right one in spec.columns of a mapping, as in {field: %s, column: %s}", verdict.List(quoted(found)), f.name, f.name, found[0])
}

func quoted(list []string) []string {
	texts := make([]string, len(list))
	for i, text := range list {
		texts[i] = fmt.Sprintf("%q", text)
	}
	return texts
}

// has reports whether the sheet says a field.
func (in *intake) has(name string) bool { return in.at[name] != none || in.constant[name] != "" }

// reject says what is wrong with a field of the row.
func (x *record) rejectf(name, format string, args ...any) {
	value := ""
	if column := x.in.at[name]; column != none {
		value = x.Cell(column).Text
	}
	x.rejectColumnf(x.in.at[name], value, format, args...)
}

func (x *record) rejectColumnf(column int, value, format string, args ...any) {
	x.in.rejected[x.Number] = true
	header := ""
	if column >= 0 {
		header = x.in.columns.Header[column]
	}
	r := rejection{row: x.Number}
	r.Place, r.Column, r.Value, r.Message = x.in.source.Place(x.Number, column), header, value, fmt.Sprintf(format, args...)
	x.in.rejections = append(x.in.rejections, r)
}

// isRejected reports whether something is wrong with the row.
func (x *record) isRejected() bool { return x.in.rejected[x.Number] }

// cell returns what a row says of a field, with what the mapping makes of it; nothing for what is missing.
func (x *record) cell(name string) (cell table.Cell) {
	if value := x.in.constant[name]; value != "" {
		cell.Text = value
	} else if column := x.in.at[name]; column != none {
		if cell = x.Cell(column); cell.Wrong != "" {
			x.rejectf(name, "%s", cell.Wrong)
			return table.Cell{}
		}
	}
	cell.Text = strings.Join(strings.Fields(cell.Text), " ")
	key := table.Key(cell.Text)
	if x.in.missing[key] {
		return table.Cell{}
	}
	if means := x.in.values[name][key]; means != "" {
		return table.Cell{Text: means}
	}
	return cell
}

func (x *record) text(name string) string { return x.cell(name).Text }

// title returns a text for people.
func (x *record) title(name string) v1alpha1.Title {
	text := x.text(name)
	if n := len([]rune(text)); n > maxTitle {
		x.rejectf(name, "has %d characters, more than %d: shorten it", n, maxTitle)
	}
	return v1alpha1.Title(text)
}

// maxTitle is how many characters a title may have.
const maxTitle = 128

// date returns a day; nothing if the row has none.
func (x *record) date(name string) v1alpha1.Date {
	cell := x.cell(name)
	if cell.Text == "" {
		return ""
	}
	format := x.in.day
	if x.in.constant[name] != "" {
		format = nil // as a mapping writes it
	}
	day, err := table.ReadDay(cell, format, x.in.program.Calendar)
	if err != nil {
		x.rejectf(name, "%s", err)
		return ""
	}
	return day.Date()
}

// list returns the parts of a cell that commas, semicolons, bars or line breaks separate.
func (x *record) list(name string) []string {
	var parts []string
	for _, part := range strings.FieldsFunc(x.text(name), func(r rune) bool { return strings.ContainsRune(",;|\n", r) }) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		if means := x.in.values[name][table.Key(part)]; means != "" {
			part = means
		}
		parts = append(parts, part)
	}
	return parts
}

// slugs returns the parts of a cell as names.
func (x *record) slugs(name string) []v1alpha1.Name {
	var list []v1alpha1.Name
	for _, part := range x.list(name) {
		one := Slug(part)
		if one == "" {
			x.rejectf(name, "no name can be made of %q: say in spec.values of the mapping what it means", part)
			continue
		}
		if !slices.Contains(list, v1alpha1.Name(one)) {
			list = append(list, v1alpha1.Name(one))
		}
	}
	return list
}

// period returns the period that a row states.
func (x *record) period() (p v1alpha1.Period, span fiscal.Span) {
	text, from, through := x.text("period"), x.date("from"), x.date("through")
	switch {
	case x.isRejected():
		return p, span
	case text != "" && (from != "" || through != ""):
		x.rejectf("period", "says the period, and so do the columns of its first and last day: leave one of the two empty")
		return p, span
	case text != "":
		var err error
		if p, err = x.in.periodOf(text); err != nil {
			x.rejectf("period", "%s", err)
			return p, span
		}
	case from == "" || through == "":
		x.rejectf("period", "there is no period: write one such as FY%d H1, or both its first and last day", x.in.program.Calendar.FiscalYearOf(x.in.today))
		return p, span
	default:
		p = v1alpha1.Period{From: from, Through: through}
	}
	span, err := x.in.program.Calendar.Period(p)
	if err != nil {
		x.rejectf("period", "%s", err)
	}
	return p, span
}
