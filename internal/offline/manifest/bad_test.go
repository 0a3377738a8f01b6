package manifest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

const (
	notDecimal = "must be a plain decimal number such as 1250 or 12.5: at most 15 digits before and 6 after the point, no exponent, no separators, no leading zeros, no sign on zero"
	notPercent = "must be a percentage from 0 to 1000 such as 60 or 2.5, without a percent sign"
	notName    = "must consist of lower-case letters, digits and hyphens, and begin and end with a letter or digit"
	notTitle   = "must be one line of visible text without control, zero-width or text-direction characters, and without spaces at its ends"
	notText    = "must be visible text without control, zero-width or text-direction characters"
	notDay     = "must be a day such as 2026-09-30"
)

// edit is a change to testdata/good.yaml.
type edit struct{ from, to string }

// badInput is a change to the good manifests that the API server refuses, with what it and we say.
type badInput struct {
	edits  []edit
	object string   // that the errors are about
	want   []string // field and message
}

func one(from, to string) []edit { return []edit{{from, to}} }

// repeat is n entries of a list in flow style, each with its number.
func repeat(n int, format string) string {
	entries := make([]string, n)
	for i := range entries {
		entries[i] = fmt.Sprintf(format, i)
	}
	return "[" + strings.Join(entries, ", ") + "]"
}

// decimals are numbers that the API does not take, as the text of a goal's baseline.
func decimals() map[string]badInput {
	rows := map[string]badInput{}
	for name, number := range map[string]string{
		"an exponent":           "1e9",
		"not a number":          "NaN",
		"minus zero":            "-0",
		"minus zero point zero": "-0.00",
		"full-width digits":     "４０００",
		"Arabic digits":         "٤٠٠",
		"a thousands separator": "400,000",
		"a comma":               "1,5",
		"a leading zero":        "007",
		"a plus sign":           "+5",
		"no digit before":       ".5",
		"no digit after":        "5.",
		"seven decimals":        "1.1234567",
		"sixteen digits":        "1234567890123456",
		"a blank":               " 5",
		"hexadecimal":           "0x1F",
		"infinity":              "Infinity",
		"a line break":          `5\n`,
		"a zero-width space":    `5\u200b`,
	} {
		rows["a number with "+name] = badInput{
			edits:  one(`baseline: "400000"`, `baseline: "`+number+`"`),
			object: "JointPlan partner-acme/acme-h1",
			want:   []string{`spec.goals[0].baseline: Invalid value: "` + number + `": ` + notDecimal},
		}
	}
	rows["a number with 30 digits"] = badInput{
		edits:  one(`baseline: "400000"`, `baseline: "123456789012345678901234567890"`),
		object: "JointPlan partner-acme/acme-h1",
		want:   []string{`spec.goals[0].baseline: Invalid value: "123456789012345678901234567890": ` + notDecimal},
	}
	return rows
}

// names are names and titles with characters that cannot be seen.
func names() map[string]badInput {
	rows := map[string]badInput{}
	for name, text := range map[string]string{
		"a zero-width space":         `a\u200bb`,
		"a zero-width joiner":        `a\u200db`,
		"a byte order mark":          `a\ufeffb`,
		"a right-to-left override":   `a\u202eb`,
		"a right-to-left isolate":    `a\u2067b`,
		"a right-to-left mark":       `a\u200fb`,
		"a soft hyphen":              `a\u00adb`,
		"a control character":        `a\x01b`,
		"a private-use character":    `a\ue000b`,
		"an escape of the terminal":  `a\x1b[2Jb`,
		"a line break in the middle": `a\nb`,
	} {
		rows["a title with "+name] = badInput{
			edits:  one("title: Autumn webinar", `title: "`+text+`"`),
			object: "Campaign partner-acme/autumn",
			want:   []string{`spec.title: Invalid value: "` + text + `": ` + notTitle},
		}
		rows["a name with "+name] = badInput{
			edits:  one("planRef: {name: acme-h1}\n  type", `planRef: {name: "`+text+`"}`+"\n  type"),
			object: "Campaign partner-acme/autumn",
			want:   []string{`spec.planRef.name: Invalid value: "` + text + `": ` + notName},
		}
	}
	return rows
}

// plans are wrong joint plans.
func plans() map[string]badInput {
	const goal = "spec.goals[0]"
	return map[string]badInput{
		"a relative goal without baseline": {
			edits: one("    baseline: \"400000\"\n", ""),
			want:  []string{goal + ".baseline: Required value: a relative target needs a baseline: add baseline, or use mode Absolute"},
		},
		"a negative target": {
			edits: one(`value: "10"}`, `value: "-10"}`),
			want:  []string{goal + ".target: value must not be negative: say DecreaseBy or DecreaseByPercent for a decrease"},
		},
		"a relative target of zero": {
			edits: one(`value: "10"}`, `value: "0"}`),
			want:  []string{goal + ".target: value of a relative target must be greater than zero"},
		},
		"a goal with metric and deliverable": {
			edits: one("owner: Partner\n", "owner: Partner\n    deliverable: A site\n"),
			want:  []string{goal + ": give either metric (with target) or deliverable"},
		},
		"a weight with a percent sign": {
			edits: one(`weightPercent: "100"`, `weightPercent: "100%"`),
			want:  []string{goal + `.weightPercent: Invalid value: "100%": ` + notPercent},
		},
		"a weight above 1000": {
			edits: one(`weightPercent: "100"`, `weightPercent: "1000.1"`),
			want:  []string{goal + `.weightPercent: Invalid value: "1000.1": ` + notPercent},
		},
		"a weight without quotes": {
			edits: one(`weightPercent: "100"`, `weightPercent: 100`),
			want:  []string{goal + ".weightPercent: must be of type string, not integer: write it in quotes", rulesNotChecked},
		},
		"two goals of one name": {
			edits: one("  progress:\n", "  - {name: cloud-revenue, deliverable: A site}\n  progress:\n"),
			want:  []string{`spec.goals[1]: Duplicate value: {"name":"cloud-revenue"}`},
		},
		"a review with an empty list of attendees": {
			object: "PlanReview partner-acme/acme-h1-20260812",
			edits:  one("attendees: [{name: Ana, party: Partner}, {name: Kim, party: Vendor}]", "attendees: []"),
			want:   []string{"spec.attendees: Invalid value: 0: should have at least 1 items"},
		},
		"a review without attendees": {
			object: "PlanReview partner-acme/acme-h1-20260812",
			edits:  one("  attendees: [{name: Ana, party: Partner}, {name: Kim, party: Vendor}]\n", ""),
			want:   []string{"spec.attendees: Required value", rulesNotChecked},
		},
		"a review without actions": {
			object: "PlanReview partner-acme/acme-h1-20260812",
			edits:  one("  noActionsBecause: All is well.\n", ""),
			want:   []string{"spec: list the actions that the review decided on, or say in noActionsBecause why there are none"},
		},
		"one attendee more than allowed": {
			object: "PlanReview partner-acme/acme-h1-20260812",
			edits:  one("[{name: Ana, party: Partner}, {name: Kim, party: Vendor}]", repeat(9, "{name: A%d, party: Partner}")),
			want:   []string{"spec.attendees: Too many: 9: must have at most 8 items", rulesNotChecked},
		},
		"one goal more than allowed": {
			edits: one("  progress:\n", "  - "+strings.Join(strings.Split(strings.Trim(repeat(20, "{name: g%d, deliverable: A site}"), "[]"), ", {"), "\n  - {")+"\n  progress:\n"),
			want:  []string{"spec.goals: Too many: 21: must have at most 20 items", rulesNotChecked},
		},
		"a day that does not exist": {
			edits: one(`due: "2026-12-31"`, `due: "2026-02-30"`),
			want:  []string{goal + `.due: Invalid value: "2026-02-30": ` + notDay, rulesNotChecked},
		},
		"a day with a time": {
			edits: one(`due: "2026-12-31"`, `due: "2026-12-31T00:00:00Z"`),
			want: []string{
				goal + `.due: Invalid value: "2026-12-31T00:00:00Z": ` + notDay,
				goal + ".due: Too long: may not be more than 10 bytes", rulesNotChecked,
			},
		},
		"a day in full-width digits": {
			edits: one(`due: "2026-12-31"`, `due: "２０２６-12-31"`),
			want:  []string{goal + `.due: Invalid value: "２０２６-12-31": ` + notDay, rulesNotChecked},
		},
		"a period with a year and days": {
			edits: one("period: {fiscalYear: 2027, part: H1}", `period: {fiscalYear: 2027, part: H1, from: "2026-07-01"}`),
			want:  []string{"spec.period: give either fiscalYear (with part) or both from and through"},
		},
		"a period that is none": {
			edits: one("period: {fiscalYear: 2027, part: H1}", "period: {}"),
			want:  []string{"spec.period: give either fiscalYear (with part) or both from and through"},
		},
		"a period of a part that does not exist": {
			edits: one("part: H1", "part: H3"),
			want:  []string{`spec.period.part: Unsupported value: "H3": supported values: "Year", "H1", "H2", "Q1", "Q2", "Q3", "Q4"`, rulesNotChecked},
		},
		"a reference to another namespace": {
			edits: one("partnerRef: {name: acme}\n  period: {fisc", "partnerRef: {name: acme, namespace: partner-bolt}\n  period: {fisc"),
			want:  []string{"spec.partnerRef.namespace: unknown field"},
		},
		"a misspelt field": {
			edits: one("    weightPercent:", "    wieghtPercent:"),
			want:  []string{goal + ".wieghtPercent: unknown field, did you mean weightPercent?"},
		},
		"a field that YAML takes for a truth value": {
			edits: one(`milestones: [{day: `, `milestones: [{yes: x, day: `),
			want:  []string{goal + `.milestones[0].true: unknown field: YAML reads the bare word yes as true; if it is a name, write it in quotes: "yes"`},
		},
		"a field that stands twice": {
			edits: one("    owner: Partner\n", "    owner: Partner\n    owner: Vendor\n"),
			want:  []string{goal + ".owner: " + duplicateField},
		},
		"a list where text belongs": {
			edits: one("vision: Mid-market customers run in the cloud.", "vision: [a, b]"),
			want:  []string{"spec.vision: must be of type string, not array", rulesNotChecked},
		},
		"text with a zero-width character": {
			edits: one("vision: Mid-market customers run in the cloud.", `vision: "a\u200bb"`),
			want:  []string{`spec.vision: Invalid value: "a\u200bb": ` + notText},
		},
		"text that is too long": {
			edits: one("vision: Mid-market customers run in the cloud.", "vision: "+strings.Repeat("x", 1025)),
			want:  []string{"spec.vision: Too long: may not be more than 1024 bytes", rulesNotChecked},
		},
		"a name too long to name revisions after": {
			edits:  one("metadata: {name: acme-h1, ", "metadata: {name: "+strings.Repeat("a", 53)+", "),
			object: "JointPlan partner-acme/" + strings.Repeat("a", 53),
			want: []string{
				"metadata.name must consist of at most 52 lower-case letters, digits and hyphens (its revisions are named after it), " +
					"and begin and end with a letter or digit",
			},
		},
	}
}

// programs are wrong programs.
func programs() map[string]badInput {
	return map[string]badInput{
		"two rule sets on one day": {
			edits: one("  ruleSets:\n", "  ruleSets:\n  - {name: fy26, effectiveFrom: \"2026-07-01\"}\n"),
			want:  []string{"spec.ruleSets: each rule set needs an effectiveFrom of its own: two rule sets cannot start on one day"},
		},
		"tiers of equal rank": {
			edits: one("rank: 3", "rank: 2"),
			want:  []string{"spec.ruleSets[0].tiers: each tier needs a rank of its own: no two tiers may share one"},
		},
		"a tier of rank zero": {
			edits: one("rank: 3", "rank: 0"),
			want:  []string{"spec.ruleSets[0].tiers[1].rank: Invalid value: 0: should be greater than or equal to 1"},
		},
		"a currency in small letters": {
			edits: one("currency: EUR\n  allowed", "currency: eur\n  allowed"),
			want:  []string{`spec.currency: Invalid value: "eur": must be an ISO 4217 currency code of three capital letters, such as EUR`},
		},
		"a time zone that is none": {
			edits: one("timeZone: Europe/Berlin", "timeZone: Europe Berlin"),
			want:  []string{`spec.calendar.timeZone: Invalid value: "Europe Berlin": must be the IANA name of a time zone, such as Europe/Berlin or UTC`},
		},
		"a fiscal year that starts on 31 June": {
			edits: one(`fiscalYearStart: "07-01"`, `fiscalYearStart: "06-31"`),
			want:  []string{`spec.calendar.fiscalYearStart: Invalid value: "06-31": must be a month and a day of it, such as 07-01`},
		},
		"a holiday that stands twice": {
			edits: one(`holidays: ["2026-12-25"]`, `holidays: ["2026-12-25", "2026-12-25"]`),
			want:  []string{`spec.calendar.holidays[1]: Duplicate value: "2026-12-25"`},
		},
		"one holiday more than allowed": {
			edits: one(`holidays: ["2026-12-25"]`, "holidays: "+repeat(401, `"2%03d-01-01"`)),
			want:  []string{"spec.calendar.holidays: Too many: 401: must have at most 400 items", rulesNotChecked},
		},
		"a wrong unit": {
			edits: one("{name: qualified-leads, unit: Count,", "{name: qualified-leads, unit: Leads,"),
			want:  []string{`spec.metrics[1].unit: Unsupported value: "Leads": supported values: "Count", "Currency", "Percent", "Days"`, rulesNotChecked},
		},
		"a role with the wrong unit": {
			edits: one("role: Leads", "role: Cost"),
			want:  []string{"spec.metrics[1]: the roles Cost, Pipeline and Revenue need unit Currency, Leads, Opportunities and Wins need unit Count"},
		},
		"thresholds the wrong way round": {
			edits: one(`atRiskFromPercent: "80"`, `atRiskFromPercent: "99"`),
			want:  []string{"spec.ruleSets[0].scoring.atRiskFromPercent: atRiskFromPercent must not be above onTrackFromPercent"},
		},
		"a requirement of nothing": {
			edits: one(`, atLeast: "75000"}`, "}"),
			want:  []string{"spec.ruleSets[0].tiers[0].requirements[0]: give exactly one of atLeast and atMost"},
		},
		"anyOf with one entry": {
			edits: one(`, {metric: retention, atLeast: "85"}]`, "]"),
			want:  []string{"spec.ruleSets[0].tiers[1].requirements[0].anyOf: Invalid value: 1: should have at least 2 items"},
		},
		"a hold that holds nothing": {
			edits: one("{step: Hold, holds: [NewMoney]}", "{step: Hold}"),
			want:  []string{"spec.ruleSets[0].standing[0].consequences[0]: holds is required for step Hold and must be absent otherwise"},
		},
		"a partner that answers for the vendor": {
			edits: one("{cause: ReviewOverdue, owner: Partner,", "{cause: ReviewOverdue, owner: Vendor,"),
			want:  []string{"spec.ruleSets[0].standing[0]: a cause that the vendor owns has no consequences for the partner: remove consequences, or set owner to Partner"},
		},
		"a selector that is not used": {
			edits: one("{from: Selector, selector:", "{from: All, selector:"),
			want:  []string{"spec.allowedNamespaces: selector is required when from is Selector and must be absent otherwise"},
		},
		"an initiative that ends before it starts": {
			edits: one(`through: "2027-06-30"`, `through: "2026-06-30"`),
			want:  []string{"spec.initiatives[0]: from must not be after through"},
		},
	}
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	for _, rows := range []struct {
		object string
		table  map[string]badInput
	}{
		{"", decimals()},
		{"", names()},
		{"JointPlan partner-acme/acme-h1", plans()},
		{"PartnerProgram northwind", programs()},
		{"", others()},
		{"", money()},
	} {
		for name, row := range rows.table {
			if row.object == "" {
				row.object = rows.object
			}
			t.Run(name, row.test)
		}
	}
}

func (b badInput) test(t *testing.T) {
	t.Helper()
	t.Parallel()
	text := good(t)
	for _, change := range b.edits {
		if n := strings.Count(text, change.from); n != 1 {
			t.Fatalf("%q stands %d times in testdata/good.yaml, want once", change.from, n)
		}
		text = strings.Replace(text, change.from, change.to, 1)
	}
	_, err := reader.Read(context.Background(), Options{Stdin: strings.NewReader(text)}, "-")
	var all Errors
	errors.As(err, &all)
	var got []string
	for _, one := range all {
		if one.Object != b.object {
			t.Errorf("the error is about %q, want %q: %v", one.Object, b.object, one)
		}
		got = append(got, strings.TrimPrefix(one.Field+": "+one.Message, ": "))
	}
	wantLines(t, got, b.want)
}
