package form

import (
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/config/crd"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/verdict"
)

// valueType is what a cell holds.
type valueType int

const (
	text valueType = iota
	number
	percent
	whole
	day
	boolean
)

// field is a cell of a form, or a column of a table.
type field struct {
	path     []string // within the spec or, of a column, within the element
	item     int      // which element it is of a list of texts, from 1 on; 0 where it is none
	label    string
	help     string
	holds    valueType
	values   []string // the only ones there are
	longest  int64
	least    *float64
	most     *float64
	required bool // the form cannot do without, or, of a column, no row can
	list     string
	strict   bool // nothing but what is on the list
}

// section is a sheet of a form.
type section struct {
	path     []string // of the list; of labelled cells nil, or the object that they are of
	sheet    string
	help     string
	isTable  bool
	key      string // the field by which the elements of the list are told apart; empty for several or none
	parent   *section
	fields   []field
	rows     int
	required bool
}

// layout is all sheets of a form.
type layout struct {
	kind     *Kind
	sections []*section
}

// schemaOf returns the schema of a kind's spec.
func schemaOf(kind string) (*apiextensionsv1.JSONSchemaProps, reflect.Type, error) {
	of := kinds.Named(kind)
	if of == nil {
		return nil, nil, fmt.Errorf("%s is not a kind of %s", kind, v1alpha1.GroupName)
	}
	raw, err := fs.ReadFile(crd.Bases(), fmt.Sprintf("bases/%s_%s.yaml", v1alpha1.GroupName, of.Plural))
	if err != nil {
		return nil, nil, err
	}
	definition := &apiextensionsv1.CustomResourceDefinition{}
	if err := yaml.Unmarshal(raw, definition); err != nil {
		return nil, nil, err
	}
	for _, one := range definition.Spec.Versions {
		if one.Name == v1alpha1.GroupVersion.Version {
			spec := one.Schema.OpenAPIV3Schema.Properties["spec"]
			goType, _ := reflect.TypeOf(of.New()).Elem().FieldByName("Spec")
			return &spec, goType.Type, nil
		}
	}
	return nil, nil, fmt.Errorf("the definition of %s has no version %s", kind, v1alpha1.GroupVersion.Version)
}

// layoutOf derives the layout of a kind's form, without some fields of its spec.
func layoutOf(kind *Kind, leftOut []string) (*layout, error) {
	spec, goType, err := schemaOf(kind.Object)
	if err != nil {
		return nil, err
	}
	l := &layout{kind: kind}
	first := &section{sheet: kind.Title, help: helpOf("spec", spec.Description), required: true}
	l.sections = append(l.sections, first)
	d := &derivation{layout: l, leftOut: leftOut}
	if err := d.object(first, spec, goType, nil, "", true); err != nil {
		return nil, err
	}
	for _, s := range l.sections {
		s.sheet = sheetName(s.sheet)
		for i := range s.fields {
			l.refer(s, &s.fields[i])
		}
	}
	return l, nil
}

// derivation is the making of a layout.
type derivation struct {
	*layout

	leftOut []string
}

// member is a field of a Go struct: its name in JSON and in Go.
type member struct {
	json, goName string
	of           reflect.Type
}

// membersOf lists the fields of a type in the order in which they are written in Go, which is that in which people think of them.
func membersOf(t reflect.Type) []member {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var list []member
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if strings.Contains(options, "inline") {
			list = append(list, membersOf(f.Type)...)
			continue
		}
		list = append(list, member{name, f.Name, f.Type})
	}
	return list
}

// object adds the fields of an object to a section, and sections of their own for its lists of objects.
func (d *derivation) object(s *section, schema *apiextensionsv1.JSONSchemaProps, t reflect.Type, path []string, label string, required bool) error {
	for _, m := range membersOf(t) {
		props, found := schema.Properties[m.json]
		at := append(slices.Clone(path), m.json)
		isTop := len(path) == 0 && !s.isTable && len(s.path) == 0
		if !found || isTop && slices.Contains(d.leftOut, m.json) {
			continue
		}
		needed := required && (slices.Contains(schema.Required, m.json) || isTop && slices.Contains(d.kind.Needs, m.json))
		if err := d.member(s, &props, m, at, label, isTop, needed); err != nil {
			return err
		}
	}
	return nil
}

func (d *derivation) member(s *section, props *apiextensionsv1.JSONSchemaProps, m member, path []string, label string, isTop, required bool) error {
	own := join(label, labelOf(m.goName))
	switch {
	case props.Type == "array" && props.Items.Schema.Type == "object":
		return d.table(s, props, m, path, own, required)
	case props.Type == "array":
		for i := range bound(props.MaxItems, maxListed) {
			f := fieldOf(props.Items.Schema, path, fmt.Sprintf("%s %d", own, i+1), required && i == 0)
			f.item, f.help = i+1, ""
			if i == 0 {
				f.help = helpOf(path[len(path)-1], props.Description)
			}
			s.fields = append(s.fields, f)
		}
		return nil
	case props.Type == "object" && isTop && !required && len(props.Properties) > 2:
		apart := &section{path: path, sheet: own, help: helpOf(path[len(path)-1], props.Description)}
		d.sections = append(d.sections, apart)
		if err := d.object(apart, props, m.of, path, "", false); err != nil {
			return err
		}
		if len(apart.fields) == 0 { // all its fields are tables
			d.sections = slices.DeleteFunc(d.sections, func(x *section) bool { return x == apart })
		}
		return nil
	case props.Type == "object":
		if _, isReference := props.Properties["name"]; isReference && len(props.Properties) == 1 {
			name := props.Properties["name"]
			f := fieldOf(&name, append(path, "name"), strings.TrimSuffix(own, " ref"), required)
			f.help = helpOf(path[len(path)-1], props.Description)
			s.fields = append(s.fields, f)
			return nil
		}
		return d.object(s, props, m.of, path, own, required)
	default:
		s.fields = append(s.fields, fieldOf(props, path, own, required))
		return nil
	}
}

// maxListed is how many cells a list of texts has that has no bound, and maxRows how many rows of a table are prepared at most.
const (
	maxListed = 10
	maxRows   = 128
)

func bound(n *int64, otherwise int) int {
	if n == nil {
		return otherwise
	}
	return int(min(*n, maxRows))
}

func (d *derivation) table(s *section, props *apiextensionsv1.JSONSchemaProps, m member, path []string, label string, required bool) error {
	element := props.Items.Schema
	of := m.of
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	table := &section{path: path, sheet: label, help: helpOf(path[len(path)-1], props.Description), isTable: true, rows: bound(props.MaxItems, maxListed), required: required}
	if len(props.XListMapKeys) == 1 {
		table.key = props.XListMapKeys[0]
	}
	if s.isTable {
		if s.key == "" {
			return fmt.Errorf("the rows of %s have no name by which those of %s could name them", s.sheet, label)
		}
		table.parent = s
		key := s.fields[slices.IndexFunc(s.fields, func(f field) bool { return slices.Equal(f.path, []string{s.key}) })]
		key.path, key.label, key.required = []string{parentMark, s.key}, s.sheet+": "+strings.ToLower(key.label), true
		key.help = fmt.Sprintf("The row of sheet %s that this belongs to.", s.sheet)
		table.fields = append(table.fields, key)
		table.sheet = s.sheet + " " + strings.ToLower(label)
		table.rows = min(s.rows*table.rows, maxRows)
	}
	d.sections = append(d.sections, table)
	return d.object(table, element, of, nil, "", true)
}

// parentMark is before the name of the field by which a row names the one that it belongs to.
const parentMark = "^"

// The rules that tell a number from text, as the schema has no type for exact ones.
const (
	numberRule  = "must be a plain decimal number"
	percentRule = "must be a percentage"
)

func fieldOf(props *apiextensionsv1.JSONSchemaProps, path []string, label string, required bool) field {
	f := field{path: path, label: label, help: helpOf(path[len(path)-1], props.Description), required: required, least: props.Minimum, most: props.Maximum}
	if props.MaxLength != nil {
		f.longest = *props.MaxLength
	}
	for _, value := range props.Enum {
		if word, err := strconv.Unquote(string(value.Raw)); err == nil {
			f.values = append(f.values, word)
		}
	}
	isRuled := func(begin string) bool {
		return slices.ContainsFunc(props.XValidations, func(rule apiextensionsv1.ValidationRule) bool { return strings.HasPrefix(rule.Message, begin) })
	}
	switch {
	case props.Type == "integer":
		f.holds = whole
	case props.Type == "boolean":
		f.holds = boolean
	case props.Format == "date":
		f.holds = day
	case isRuled(numberRule):
		f.holds = number
	case isRuled(percentRule):
		f.holds = percent
	}
	return f
}

// sheetName makes the name of a sheet of a label.
func sheetName(label string) string {
	const longest = 31
	name := strings.NewReplacer(":", "", "/", " ", "?", "", "*", "", "[", "", "]", "", "\\", " ", "'", "").Replace(label)
	return strings.TrimSpace(name[:min(len(name), longest)])
}

// mark is the hidden mark by which a cell or column is found.
func (f *field) mark() string {
	if f.item > 0 {
		return fmt.Sprintf("%s[%d]", strings.Join(f.path, "."), f.item)
	}
	return strings.Join(f.path, ".")
}

// isParent reports whether a column names the row that its row belongs to.
func (f *field) isParent() bool { return f.path[0] == parentMark }

// mark is the hidden mark by which a sheet is known.
func (s *section) mark() string {
	if len(s.path) == 0 {
		return sheetMark + "spec"
	}
	path := slices.Clone(s.path)
	if s.parent != nil {
		path = append(slices.Clone(s.parent.path), path...)
	}
	return sheetMark + "spec." + strings.Join(path, ".")
}

// sheetMark is before the path of what a sheet holds.
const sheetMark = "jointplan:"

// labelOf makes words of a name in Go: WeightPercent is "Weight percent", RequestID "Request ID".
func labelOf(name string) string {
	var words []string
	runes := []rune(name)
	begin := 0
	for i := 1; i <= len(runes); i++ {
		isEnd := i == len(runes) || unicode.IsUpper(runes[i]) && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if !isEnd {
			continue
		}
		word := string(runes[begin:i])
		if begin > 0 && (len(word) == 1 || !unicode.IsUpper([]rune(word)[1])) {
			word = strings.ToLower(word)
		}
		words, begin = append(words, word), i
	}
	return strings.Join(words, " ")
}

// join puts the label of a field behind that of what it is in.
func join(outer, inner string) string {
	if outer == "" {
		return inner
	}
	return outer + ": " + strings.ToLower(inner[:1]) + inner[1:]
}

// helpOf is a doc comment as the help of a field: in one paragraph, without the name of the field that it begins with.
func helpOf(name, description string) string {
	text := strings.Join(strings.Fields(description), " ")
	text = strings.TrimPrefix(text, name+" ")
	for _, verb := range []string{"is ", "are "} {
		if rest, found := strings.CutPrefix(text, verb); found {
			text = rest
			break
		}
	}
	return verdict.Capital(text)
}
