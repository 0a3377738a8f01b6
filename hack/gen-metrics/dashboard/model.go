package dashboard

import (
	"encoding/json"
	"fmt"
	"strings"
)

// board is a dashboard as Grafana reads it, as far as this one needs.
type board struct {
	UID           string   `json:"uid"`
	Title         string   `json:"title"`
	Description   string   `json:"description"`
	Tags          []string `json:"tags"`
	SchemaVersion int      `json:"schemaVersion"`
	Editable      bool     `json:"editable"`
	GraphTooltip  int      `json:"graphTooltip"` // 1: one crosshair for all panels
	Refresh       string   `json:"refresh"`
	Time          span     `json:"time"`
	Annotations   struct {
		List []options `json:"list"`
	} `json:"annotations"`
	Templating struct {
		List []variable `json:"list"`
	} `json:"templating"`
	Panels []*panel `json:"panels"`
}

// span is the time that is shown.
type span struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// variable is a choice above the dashboard.
type variable struct {
	Name       string  `json:"name"`
	Label      string  `json:"label"`
	Type       string  `json:"type"`
	Query      any     `json:"query"`
	Definition string  `json:"definition,omitempty"`
	Source     *source `json:"datasource,omitempty"`
	Refresh    int     `json:"refresh,omitempty"` // 2: whenever the span changes
	Sort       int     `json:"sort,omitempty"`    // 1: by name
	Multi      bool    `json:"multi,omitempty"`
	IncludeAll bool    `json:"includeAll,omitempty"`
	AllValue   string  `json:"allValue,omitempty"`
	Current    any     `json:"current,omitempty"`
}

// source is where queries are answered.
type source struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

// prometheus is the source that the reader chooses.
var prometheus = &source{Type: "prometheus", UID: "${datasource}"}

// panel is one picture, or the heading of a row of them.
type panel struct {
	ID          int      `json:"id"`
	Type        string   `json:"type"`
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	GridPos     position `json:"gridPos"`
	Collapsed   *bool    `json:"collapsed,omitempty"`
	Panels      *[]int   `json:"panels,omitempty"` // of a row: always empty, as no row is collapsed
	Source      *source  `json:"datasource,omitempty"`
	Targets     []target `json:"targets,omitempty"`
	Fields      *fields  `json:"fieldConfig,omitempty"`
	Options     options  `json:"options,omitempty"`
	Transform   []change `json:"transformations,omitempty"`
}

// position is where a panel stands in a grid 24 wide.
type position struct {
	H int `json:"h"`
	W int `json:"w"`
	X int `json:"x"`
	Y int `json:"y"`
}

// target is one query.
type target struct {
	RefID   string  `json:"refId"`
	Source  *source `json:"datasource"`
	Expr    string  `json:"expr"`
	Legend  string  `json:"legendFormat,omitempty"`
	Format  string  `json:"format"`
	Instant bool    `json:"instant"`
	Range   bool    `json:"range"`
}

// fields say how values are shown.
type fields struct {
	Defaults  field      `json:"defaults"`
	Overrides []override `json:"overrides"`
}

// field says how a value is shown.
type field struct {
	Unit       string      `json:"unit,omitempty"`
	Decimals   *int        `json:"decimals,omitempty"`
	Min        *float64    `json:"min,omitempty"`
	Max        *float64    `json:"max,omitempty"`
	NoValue    string      `json:"noValue,omitempty"`
	Mappings   []options   `json:"mappings,omitempty"`
	Thresholds *thresholds `json:"thresholds,omitempty"`
	Color      options     `json:"color,omitempty"`
	Custom     options     `json:"custom,omitempty"`
}

// thresholds are the values from which a colour changes.
type thresholds struct {
	Mode  string `json:"mode"`
	Steps []step `json:"steps"`
}

// step is a colour and the value from which it is shown; the first has none.
type step struct {
	Color string   `json:"color"`
	Value *float64 `json:"value"`
}

// override shows some of the values in another way.
type override struct {
	Matcher    options   `json:"matcher"`
	Properties []options `json:"properties"`
}

// change is what is done to an answer before it is shown.
type change struct {
	ID      string  `json:"id"`
	Options options `json:"options"`
}

// options are settings by name.
type options map[string]any

// Query is one query of the dashboard.
type Query struct {
	// Panel is the title of its panel.
	Panel string
	// Unit is the unit in which the panel shows values.
	Unit string
	// Expr is the query, with the variables of the dashboard in it.
	Expr string
	// Legend is what names a series, with names of labels in double braces.
	Legend string
	// Instant says that it asks for one instant, and not for a span.
	Instant bool
}

// Fill returns the query with values in the place of variables: all programs, budgets and namespaces, and rates over a span such as 5m.
func (q Query) Fill(rates string) string {
	return strings.NewReplacer("$__rate_interval", rates, "$program", ".*", "$budget", ".*", "$currency", ".*", "$namespace", ".*").Replace(q.Expr)
}

// Queries returns the queries of a dashboard, those behind its variables left out.
func Queries(raw []byte) ([]Query, error) {
	var read board
	if err := json.Unmarshal(raw, &read); err != nil {
		return nil, fmt.Errorf("the dashboard cannot be read: %w", err)
	}
	var list []Query
	for _, p := range read.Panels {
		for _, t := range p.Targets {
			q := Query{Panel: p.Title, Expr: t.Expr, Legend: t.Legend, Instant: t.Instant}
			if p.Fields != nil {
				q.Unit = p.Fields.Defaults.Unit
			}
			list = append(list, q)
		}
	}
	return list, nil
}

// layout puts panels into the grid, row by row.
type layout struct {
	panels           []*panel
	x, y, height, id int
}

// row begins a row with a heading.
func (l *layout) row(title string, panels ...*panel) {
	open := false
	l.wrap()
	l.put(&panel{Type: "row", Title: title, GridPos: position{W: 24, H: 1}, Collapsed: &open, Panels: &[]int{}})
	for _, p := range panels {
		l.put(p)
	}
}

// put places a panel where there is room for it.
func (l *layout) put(p *panel) {
	if l.x+p.GridPos.W > 24 {
		l.wrap()
	}
	l.id++
	p.ID, p.GridPos.X, p.GridPos.Y = l.id, l.x, l.y
	l.x += p.GridPos.W
	l.height = max(l.height, p.GridPos.H)
	l.panels = append(l.panels, p)
}

// wrap begins a new line of panels.
func (l *layout) wrap() {
	l.y, l.x, l.height = l.y+l.height, 0, 0
}
