package dashboard

// Units, by the names that Grafana gives them.
const (
	count      = "none"                // of objects
	money      = "locale"              // 12,500.5; which currency is in the legend
	share      = "percentunit"         // 1 is 100 percent
	seconds    = "s"                   // as long as they are, such as 3.2 days
	operations = "ops"                 // per second
	writes     = "wps"                 // per second
	ago        = "dateTimeFromNow"     // an instant in milliseconds since 1970
	day        = float64(24 * 60 * 60) // in seconds
)

// query is one query with what names its series.
type query struct{ expr, legend string }

// picture returns a panel whose values have a unit.
func picture(kind, title, says, unit string, width, height int, queries ...query) *panel {
	p := &panel{
		Type: kind, Title: title, Description: says, GridPos: position{W: width, H: height}, Source: prometheus,
		Fields: &fields{Defaults: field{Unit: unit}, Overrides: []override{}},
	}
	for i, q := range queries {
		p.Targets = append(p.Targets, target{
			RefID: string(rune('A' + i)), Source: prometheus, Expr: q.expr, Legend: q.legend,
			Format: "time_series", Instant: kind != graphKind, Range: kind == graphKind,
		})
	}
	return p
}

// Kinds of panels, by the names that Grafana gives them.
const (
	graphKind = "timeseries"
	statKind  = "stat"
	barsKind  = "bargauge"
	tableKind = "table"
)

// number shows one number; it is orange from a value on.
func number(title, says, unit string, orange float64, q query) *panel {
	p := picture(statKind, title, says, unit, 4, 4, q)
	p.Fields.Defaults.NoValue = "0"
	p.Fields.Defaults.Thresholds = from(orange)
	p.Options = options{
		"colorMode": "value", "graphMode": "none", "textMode": "auto", "justifyMode": "auto", "orientation": "auto", "wideLayout": true,
		"showPercentChange": false, "percentChangeColorMode": "standard",
		"reduceOptions": options{"calcs": []string{"lastNotNull"}, "fields": "", "values": false},
	}
	return p
}

// bars shows values side by side, orange from a value on; 0 for values that are neither good nor bad.
func bars(title, says, unit string, orange float64, q query) *panel {
	p := picture(barsKind, title, says, unit, 8, 7, q)
	p.Fields.Defaults.Min = new(0.0)
	if unit == share {
		p.Fields.Defaults.Max = new(1.0)
	}
	p.Fields.Defaults.Color = options{"mode": "thresholds"}
	p.Fields.Defaults.Thresholds = from(orange)
	if orange == 0 {
		p.Fields.Defaults.Color = options{"mode": "continuous-BlPu"}
		p.Fields.Defaults.Thresholds = nil
	}
	p.Options = options{
		"orientation": "horizontal", "displayMode": "basic", "showUnfilled": true, "valueMode": "color", "namePlacement": "auto",
		"sizing": "auto", "minVizWidth": 8, "minVizHeight": 16, "maxVizHeight": 300,
		"legend":        options{"showLegend": false, "displayMode": "list", "placement": "bottom", "calcs": []string{}},
		"reduceOptions": options{"calcs": []string{"lastNotNull"}, "fields": "", "values": false},
	}
	return p
}

// graph shows values over time.
func graph(title, says, unit string, queries ...query) *panel {
	p := picture(graphKind, title, says, unit, 8, 8, queries...)
	p.Fields.Defaults.Color = options{"mode": "palette-classic"}
	p.Fields.Defaults.Custom = options{"drawStyle": "line", "lineWidth": 1, "fillOpacity": 10, "showPoints": "never"}
	p.Options = options{
		"legend":  options{"displayMode": "table", "placement": "bottom", "showLegend": true, "calcs": []string{"lastNotNull"}},
		"tooltip": options{"mode": "multi", "sort": "desc"},
	}
	return p
}

// stacked has a graph show what its values come to.
func stacked(p *panel) *panel {
	p.Fields.Defaults.Custom["stacking"] = options{"mode": "normal", "group": "A"}
	p.Fields.Defaults.Custom["fillOpacity"] = 40
	return p
}

// table shows labels and values, a line for each series. What names the series of a query is the heading of its values.
func table(title, says, unit string, width int, queries ...query) *panel {
	p := picture(tableKind, title, says, unit, width, 8, queries...)
	names, hidden := options{}, options{"Time": true}
	for i := range p.Targets {
		t := &p.Targets[i]
		value := "Value"
		if len(queries) > 1 {
			value = "Value #" + t.RefID
		}
		names[value] = t.Legend
		t.Format, t.Legend = "table", ""
	}
	p.Fields.Defaults.Custom = options{"filterable": true, "align": "auto", "inspect": false}
	p.Options = options{"showHeader": true, "cellHeight": "sm", "frameIndex": 0}
	if len(queries) > 1 {
		p.Transform = append(p.Transform, change{ID: "merge", Options: options{}})
	}
	p.Transform = append(p.Transform, change{ID: "organize", Options: options{"excludeByName": hidden, "renameByName": names}})
	return p
}

// wide gives a panel another width.
func wide(width int, p *panel) *panel {
	p.GridPos.W = width
	return p
}

// states shows words in the place of values.
func states(p *panel, words ...state) *panel {
	texts := options{}
	for _, w := range words {
		texts[w.value] = options{"text": w.text, "color": w.color}
	}
	p.Fields.Defaults.Mappings = []options{{"type": "value", "options": texts}}
	p.Fields.Defaults.Thresholds = nil
	return p
}

// state is the word and colour of a value.
type state struct{ value, text, color string }

// without says what is shown where there is no value.
func without(text string, p *panel) *panel {
	p.Fields.Defaults.NoValue = text
	return p
}

// column gives a column of a table a unit of its own.
func column(p *panel, name, unit string) *panel {
	p.Fields.Overrides = append(p.Fields.Overrides, override{
		Matcher: options{"id": "byName", "options": name}, Properties: []options{{"id": "unit", "value": unit}},
	})
	return p
}

// from is green below a value, and orange from it on.
func from(value float64) *thresholds {
	return &thresholds{Mode: "absolute", Steps: []step{{Color: "green"}, {Color: "orange", Value: &value}}}
}
