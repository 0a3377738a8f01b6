package api

import (
	"fmt"
	"strconv"
	"strings"
)

// Messages of the types that many fields share.
const (
	notName    = "must consist of lower-case letters, digits and hyphens, and begin and end with a letter or digit"
	notTitle   = "must be one line of visible text without control, zero-width or text-direction characters, and without spaces at its ends"
	notText    = "must be visible text without control, zero-width or text-direction characters"
	notDecimal = "must be a plain decimal number such as 1250 or 12.5: at most 15 digits before and 6 after the point, " +
		"no exponent, no separators, no leading zeros, no sign on zero"
	notPercent  = "must be a percentage from 0 to 1000 such as 60 or 2.5, without a percent sign"
	notCurrency = "must be an ISO 4217 currency code of three capital letters, such as EUR"
	notActivity = "must begin with a capital letter and consist of letters and digits, such as TradeShow"
	notFunction = "must consist of lower-case letters, digits and hyphens, and begin and end with a letter or digit, such as channel-manager"
	notDay      = "must be a day of the years 1970 to 2200"
	notInstant  = "must be an instant in RFC 3339 form, such as 2026-09-30T12:00:00Z"
	negative    = "must not be negative"
	aboveZero   = "must be above zero"
	nameTooLong = "<nil>: Invalid value: metadata.name must consist of at most 63 lower-case letters, digits and hyphens, " +
		"and begin and end with a letter or digit"
)

// longName is a name that is valid for Kubernetes and too long for ours.
var longName = strings.Repeat("a", 64)

// programRows are changes to a program.
func programRows() map[string]row {
	rows := map[string]row{}
	add := func(name string, set edits, want ...string) {
		rows["a program with "+name] = row{base: "PartnerProgram", set: set, want: want}
	}
	catalogueRows(add)
	calendarRows(add)
	tierRows(add)
	ruleSetRows(add)
	return rows
}

// adder adds a row to a table: its name, its change, and what is said of it.
type adder func(name string, set edits, want ...string)

func catalogueRows(add adder) {
	add("a name that is too long", edits{"metadata.name": longName}, nameTooLong)
	add("a name with dots", edits{"metadata.name": "a.b"}, nameTooLong)
	add("a currency in small letters", edits{"spec.currency": "eur"}, `spec.currency: Invalid value: "eur": `+notCurrency)

	namespaceRows(add)
	exchangeRows(add)
	rateRows(add)

	const metric = "spec.metrics[0]"
	add("reporting of a level", edits{metric + ".behaviour": "Stock", metric + ".role": absent},
		metric+": Invalid value: reporting applies to metrics with behaviour Flow only: remove reporting, or make behaviour Flow")
	add("a role of a level", edits{metric + ".behaviour": "Stock", metric + ".reporting": absent},
		metric+": Invalid value: a metric with a role must have behaviour Flow: remove role, or make behaviour Flow")
	const units = ": Invalid value: the roles Cost, Pipeline and Revenue need unit Currency, Leads, Opportunities and Wins need unit Count"
	add("revenue that is counted", edits{metric + ".unit": "Count"}, metric+units)
	add("cost that is counted", edits{metric + ".unit": "Count", metric + ".role": "Cost"}, metric+units)
	add("a pipeline in percent", edits{metric + ".unit": "Percent", metric + ".role": "Pipeline"}, metric+units)
	add("leads in money", edits{"spec.metrics[1].unit": "Currency"}, "spec.metrics[1]"+units)
	add("opportunities in days", edits{"spec.metrics[1].unit": "Days", "spec.metrics[1].role": "Opportunities"}, "spec.metrics[1]"+units)
	add("two metrics of one role", edits{"spec.metrics[1]": "{name: sales, unit: Currency, behaviour: Flow, role: Revenue}"},
		"spec.metrics: Invalid value: no two metrics may have the same role: remove role from one of them")
	add("a unit that is none", edits{metric + ".unit": "Euro"},
		metric+`.unit: Unsupported value: "Euro": supported values: "Count", "Currency", "Percent", "Days"`, rulesNotChecked)
	add("two metrics of one name", edits{"spec.metrics[1].name": "new-revenue"}, `spec.metrics[1]: Duplicate value: {"name":"new-revenue"}`)
	add("an initiative that ends before it begins", edits{"spec.initiatives[0].through": "'2026-06-30'"},
		"spec.initiatives[0]: Invalid value: from must not be after through")
	add("an initiative of one day", edits{"spec.initiatives[0].through": "'2026-07-01'"})
	add("an activity with a hyphen", edits{"spec.activities[0].type": "trade-show"},
		`spec.activities[0].type: Invalid value: "trade-show": `+notActivity)
	add("a lead time in days of both kinds", edits{"spec.activities[0].leadTimeDays": "21"},
		"spec.activities[0]: Invalid value: give at most one of leadTimeDays and leadTimeBusinessDays")
	const deadlines = "spec.proofDeadlines"
	add("a deadline of both kinds", edits{deadlines + "[0].withinDays": "5"}, deadlines+"[0]: Invalid value: give exactly one of withinDays and withinBusinessDays")
	add("a deadline of no days", edits{deadlines + "[0].withinBusinessDays": absent}, deadlines+"[0]: Invalid value: give exactly one of withinDays and withinBusinessDays")
	add("two deadlines of one proof", edits{deadlines + "[1].activity": absent},
		deadlines+": Invalid value: a type of proof has one deadline for an activity: remove the other")
	add("a season without results", edits{"spec.seasonCurves[0].monthWeights": "['0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0.000']"},
		"spec.seasonCurves[0].monthWeights: Invalid value: at least one month must have a weight above zero")
	add("a year of eleven months", edits{"spec.seasonCurves[0].monthWeights": "['1', '1', '1', '1', '1', '1', '1', '1', '1', '1', '1']"},
		"spec.seasonCurves[0].monthWeights: Invalid value: 11: spec.seasonCurves[0].monthWeights in body should have at least 12 items")
}

// namespaceRows are changes to the selector of namespaces that programs and budgets have.
func namespaceRows(add adder) {
	const allowed = "spec.allowedNamespaces"
	const selector = allowed + ": Invalid value: selector is required when from is Selector and must be absent otherwise"
	add("no selector for the namespaces", edits{allowed + ".selector": absent}, selector)
	add("a selector that is not used", edits{allowed + ".from": "All"}, selector)
	for _, list := range []struct{ field, format string }{{"matchLabels", "l%d: a"}, {"matchExpressions", "{key: l%d, operator: Exists}"}} {
		opening, closing := "{", "}"
		if list.field == "matchExpressions" {
			opening, closing = "[", "]"
		}
		var entries []string
		for i := range 17 {
			entries = append(entries, fmt.Sprintf(list.format, i))
		}
		add("16 "+list.field, edits{allowed + ".selector." + list.field: opening + strings.Join(entries[:16], ", ") + closing})
		add("17 "+list.field, edits{allowed + ".selector." + list.field: opening + strings.Join(entries, ", ") + closing},
			allowed+".selector: Invalid value: a selector may have at most 16 labels and 16 expressions")
	}
	add("all namespaces", edits{allowed: "{from: All}"})
}

func exchangeRows(add adder) {
	const rate = "spec.exchangeRates[0]"
	add("a rate between one currency", edits{rate + ".to": "USD"}, rate+": Invalid value: from and to must be different currencies")
	add("a rate of zero", edits{rate + ".rate": "'0.00'"}, rate+`.rate: Invalid value: "0.00": `+aboveZero)
	add("a rate below zero", edits{rate + ".rate": "'-0.9'"}, rate+`.rate: Invalid value: "-0.9": `+aboveZero)
	add("two rates of one day", edits{"spec.exchangeRates[1]": "{from: USD, to: EUR, effectiveFrom: '2026-07-01', rate: '0.95'}"},
		`spec.exchangeRates[1]: Duplicate value: {"effectiveFrom":"2026-07-01","from":"USD","to":"EUR"}`)
	add("a rate of a later day", edits{"spec.exchangeRates[1]": "{from: USD, to: EUR, effectiveFrom: '2026-10-01', rate: '0.95'}"})
	add("a rate the other way round", edits{"spec.exchangeRates[1]": "{from: EUR, to: USD, effectiveFrom: '2026-07-01', rate: '1.1'}"})
}

func calendarRows(add adder) {
	const calendar = "spec.calendar"
	add("a year of weeks in mid-month", edits{calendar + ".fiscalYearStart": "07-15"},
		calendar+": Invalid value: a year of weeks starts near a month's first day: fiscalYearStart must end in -01 when weekYear is given")
	for name, start := range map[string]string{"31 June": "06-31", "30 February": "02-30", "a 13th month": "13-01", "a day without zero": "7-1  "} {
		add("a fiscal year from "+name, edits{calendar + ".fiscalYearStart": quoted(start), calendar + ".weekYear": absent},
			calendar+".fiscalYearStart: Invalid value: "+quoted(start)+": must be a month and a day of it, such as 07-01")
	}
	add("a fiscal year from 29 February", edits{calendar + ".fiscalYearStart": "02-29", calendar + ".weekYear": absent})
	for _, zone := range []string{"Local", "Europe Berlin", "/etc/passwd", "../Berlin", "+01:00", "Europe/"} {
		add("the time zone "+zone, edits{calendar + ".timeZone": quoted(zone)},
			calendar+".timeZone: Invalid value: "+quoted(zone)+": must be the IANA name of a time zone, such as Europe/Berlin or UTC")
	}
	for _, zone := range []string{"UTC", "Etc/GMT+5", "America/Argentina/Buenos_Aires", "America/Port-au-Prince"} {
		add("the time zone "+zone, edits{calendar + ".timeZone": quoted(zone)})
	}
	add("a holiday that does not exist", edits{calendar + ".holidays[0]": "'2026-02-30'"},
		calendar+`.holidays[0]: Invalid value: "2026-02-30": `+calendar+`.holidays[0] in body must be of type date: "2026-02-30"`, rulesNotChecked)
	add("a holiday that stands twice", edits{calendar + ".holidays[1]": "'2026-12-25'"}, calendar+`.holidays[1]: Duplicate value: "2026-12-25"`)
}

func tierRows(add adder) {
	const rules = "spec.ruleSets[0]"
	const required = rules + ".tiers[0].requirements"
	add("tiers of equal rank", edits{rules + ".tiers[1].rank": "2"}, rules+".tiers: Invalid value: each tier needs a rank of its own: no two tiers may share one")
	add("two tiers of one name", edits{rules + ".tiers[1].name": "silver"}, rules+`.tiers[1]: Duplicate value: {"name":"silver"}`)
	for name, at := range map[string]string{"a requirement": required + "[0]", "one of several criteria": required + "[2].anyOf[0]"} {
		add(name+" without threshold", edits{at + ".atLeast": absent}, at+": Invalid value: give exactly one of atLeast and atMost")
		add(name+" with two thresholds", edits{at + ".atMost": "'90000'"}, at+": Invalid value: give exactly one of atLeast and atMost")
	}
	for name, at := range map[string]string{"a requirement": required + "[1]", "one of several criteria": required + "[2].anyOf[1]"} {
		add(name+" with a window for people", edits{at + ".window": "{trailingMonths: 12}"}, at+": Invalid value: window applies to a metric only: remove window")
	}
	const either = required + "[0]: Invalid value: give either anyOf alone, or exactly one of metric and competency with its threshold"
	add("a requirement of metric and people", edits{required + "[0].competency": "certified-engineer"}, either)
	add("a requirement of nothing", edits{required + "[0].metric": absent, required + "[0].window": absent, required + "[0].growthOver": absent}, either)
	anyOf := edits{required + "[0].anyOf": "[{metric: a, atLeast: '1'}, {metric: b, atLeast: '1'}]"}
	add("a requirement of a metric and any of others", anyOf, either)
	criterion := required + "[2].anyOf[0]"
	add("a criterion of metric and people", edits{criterion + ".competency": "certified-engineer"},
		criterion+": Invalid value: give exactly one of metric and competency")
	add("a criterion of nothing", edits{criterion + ".metric": absent, criterion + ".window": absent, criterion + ".growthOver": absent},
		criterion+": Invalid value: give exactly one of metric and competency")
	sumRows(add)
	planning := rules + ".tiers[0].planning"
	add("reviews each half", edits{planning + ".reviewEvery": "Half"},
		planning+`.reviewEvery: Invalid value: "Half": must be Month or Quarter: reviews are required at least once a quarter`)
	add("plans each month", edits{planning + ".every": "Month"},
		planning+`.every: Invalid value: "Month": must be Quarter, Half or Year: plans cannot be required monthly`)
	for _, every := range []string{"Quarter", "Half", "Year"} {
		add("plans each "+every, edits{planning + ".every": every})
	}
}

func sumRows(add adder) {
	const tier = "spec.ruleSets[0].tiers[0]"
	const required = tier + ".requirements"
	for name, at := range map[string]string{"a requirement": required + "[0]", "one of several criteria": required + "[2].anyOf[0]"} {
		add(name+" for each territory", edits{at + ".forEach": "Territory"}, at+": Invalid value: forEach applies to a competency only: remove forEach")
		add(name+" of two windows", edits{at + ".window": "{trailingMonths: 12, lastWhole: Quarter}"},
			at+".window: Invalid value: give exactly one of trailingMonths and lastWhole")
		add(name+" of no window", edits{at + ".window": "{}"}, at+".window: Invalid value: give exactly one of trailingMonths and lastWhole")
		const whole = ".growthOver: Invalid value: months must be whole intervals of window: a multiple of 3 for a Quarter, of 6 for a Half, of 12 for a Year"
		for interval, months := range map[string]int{"Quarter": 3, "Half": 6, "Year": 12} {
			window := fmt.Sprintf("{lastWhole: %s}", interval)
			add(fmt.Sprintf("growth of %s over %d months before %s", name, months, interval), edits{at + ".window": window, at + ".growthOver.months": strconv.Itoa(months)})
			add(fmt.Sprintf("growth of %s over %d months before %s", name, months+1, interval),
				edits{at + ".window": window, at + ".growthOver.months": strconv.Itoa(months + 1)}, at+whole)
		}
		add("growth of "+name+" over the month before", edits{at + ".window": "{lastWhole: Month}", at + ".growthOver.months": "1"})
		add("growth of "+name+" over trailing months", edits{at + ".window": "{trailingMonths: 5}", at + ".growthOver.months": "7"})
	}
	for name, at := range map[string]string{"a requirement": required + "[1]", "one of several criteria": required + "[2].anyOf[1]"} {
		add("growth of people of "+name, edits{at + ".growthOver": "{months: 12}"}, at+": Invalid value: growthOver applies to a metric only: remove growthOver")
	}
	const many = ".required: Invalid value: required says how many criteria of anyOf must be met: give anyOf at least as many"
	add("four of three", edits{required + "[2].required": "4"}, required+"[2]"+many)
	add("three of three", edits{required + "[2].required": "3"})
	add("two of a single requirement", edits{required + "[0].required": "2"}, required+"[0]"+many)
	five := "[" + strings.Repeat("{competency: a, atLeast: '1'}, ", 4) + "{competency: a, atLeast: '1'}]"
	add("twelve criteria", edits{required + "[2].anyOf": five, required + "[3]": "{anyOf: " + five + "}"})
	add("thirteen criteria", edits{required + "[2].anyOf": five, required + "[3]": "{anyOf: " + five + "}", required + "[4]": "{competency: a, atLeast: '1'}"},
		tier+".requirements: Invalid value: all requirements of a tier together may have at most 12 criteria, those of anyOf counted each")
	const points = "spec.ruleSets[0].points[0]"
	add("points of themselves", edits{points + ".of": "partner-points"},
		points+".of: Invalid value: a metric cannot count its own results: name another metric of the catalogue in of")
	add("negative points", edits{points + ".points": "'-4'"}, points+`.points: Invalid value: "-4": `+negative)
	add("no points", edits{points + ".points": "'0'"})
	for _, per := range []string{"0", "0.0", "-100"} {
		add("points per "+per, edits{points + ".per": "'" + per + "'"}, points+".per: Invalid value: "+quoted(per)+": "+aboveZero)
	}
	add("points twice", edits{"spec.ruleSets[0].points[1]": "{metric: partner-points, of: new-revenue, points: '1'}"},
		`spec.ruleSets[0].points[1]: Duplicate value: {"metric":"partner-points","of":"new-revenue"}`)
	const level = "spec.metrics[2].resellerResults"
	add("a level of resellers", edits{level: "Included"},
		level+": Invalid value: only a metric with behaviour Flow is added up over resellers: remove resellerResults, or make behaviour Flow")
	add("a level of each for itself", edits{level: "Separate"})
}

func ruleSetRows(add adder) {
	const rules = "spec.ruleSets[0]"
	add("two rule sets on one day", edits{"spec.ruleSets[1]": "{name: fy28, effectiveFrom: '2026-07-01'}"},
		"spec.ruleSets: Invalid value: each rule set needs an effectiveFrom of its own: two rule sets cannot start on one day")
	add("two rule sets of one name", edits{"spec.ruleSets[1]": "{name: fy27, effectiveFrom: '2027-07-01'}"},
		`spec.ruleSets[1]: Duplicate value: {"name":"fy27"}`)
	add("a negative benefit", edits{rules + ".tiers[0].benefits[0].quantity": "'-1'"},
		rules+`.tiers[0].benefits[0].quantity: Invalid value: "-1": `+negative)
	add("a benefit carried over for ever", edits{"spec.benefits[0].carryOver": "Always"},
		`spec.benefits[0].carryOver: Unsupported value: "Always": supported values: "None", "Year"`, rulesNotChecked)
	add("two benefits of one name", edits{"spec.benefits[1]": "{name: se-days}"}, `spec.benefits[1]: Duplicate value: {"name":"se-days"}`)
	add("two rule sets", edits{"spec.ruleSets[1]": "{name: fy28, effectiveFrom: '2027-07-01'}"})

	scoring := rules + ".scoring"
	add("thresholds the wrong way round", edits{scoring + ".atRiskFromPercent": "'95.001'"},
		scoring+".atRiskFromPercent: Invalid value: atRiskFromPercent must not be above onTrackFromPercent")
	add("equal thresholds", edits{scoring + ".atRiskFromPercent": "'95.0'"})
	add("a threshold that is not a number", edits{scoring + ".atRiskFromPercent": "9x"}, scoring+`.atRiskFromPercent: Invalid value: "9x": `+notPercent)
	add("a threshold of other digits", edits{scoring + ".onTrackFromPercent": "'９５'"}, scoring+`.onTrackFromPercent: Invalid value: "９５": `+notPercent)
	add("thresholds of different length", edits{scoring + ".atRiskFromPercent": "'9.5'", scoring + ".onTrackFromPercent": "'100'"})

	bound := rules + ".realism[0]"
	add("a bound that bounds nothing", edits{bound: "{metric: new-revenue}"},
		bound+": Invalid value: give at least one of maxIncreasePercent, minTarget and maxTarget")
	add("a bound the wrong way round", edits{bound + ".minTarget": "'1000000.5'"}, bound+": Invalid value: minTarget must not be above maxTarget")
	add("a bound of one figure", edits{bound + ".minTarget": "'1000000.0'"})
	add("a bound that is not a number", edits{bound + ".minTarget": "9x"}, bound+`.minTarget: Invalid value: "9x": `+notDecimal)
	meetingRows(add)
	totalRows(add)

	cause := rules + ".standing[0]"
	const low = ": Invalid value: attainmentBelowPercent is required for cause LowAttainment; it and periods must be absent for other causes"
	add("low attainment below nothing", edits{cause + ".attainmentBelowPercent": absent}, cause+low)
	add("a limit for another cause", edits{cause + ".cause": "PlanOverdue", cause + ".periods": absent}, cause+low)
	add("periods for another cause", edits{cause + ".cause": "PlanOverdue", cause + ".attainmentBelowPercent": absent}, cause+low)
	add("consequences of what the vendor owns", edits{cause + ".owner": "Vendor"},
		cause+": Invalid value: a cause that the vendor owns has no consequences for the partner: remove consequences, or set owner to Partner")
	add("one cause twice", edits{rules + ".standing[1]": "{cause: LowAttainment, owner: Partner, attainmentBelowPercent: '10'}"},
		rules+`.standing[1]: Duplicate value: {"cause":"LowAttainment"}`)

	const rate = ": Invalid value: ratePercent is required for step ReducedRate and must be absent otherwise"
	add("a reduced rate without rate", edits{cause + ".consequences[0].ratePercent": absent}, cause+".consequences[0]"+rate)
	add("a hold with a rate", edits{cause + ".consequences[1].ratePercent": "'50'"}, cause+".consequences[1]"+rate)
	const holds = ": Invalid value: holds is required for step Hold and must be absent otherwise"
	add("a hold of nothing", edits{cause + ".consequences[1].holds": absent}, cause+".consequences[1]"+holds)
	add("a reduced rate that holds", edits{cause + ".consequences[0].holds": "[Promotion]"}, cause+".consequences[0]"+holds)
	for _, step := range []string{"Good", "Watch"} {
		add("the consequence "+step, edits{cause + ".consequences[1]": "{step: " + step + "}"},
			cause+".consequences[1].step: Invalid value: "+quoted(step)+": must be ReducedRate or Hold: the other steps are no consequences")
	}
	add("an escalation to a person", edits{rules + ".escalation[0].to": "kim"},
		rules+`.escalation[0].to: Invalid value: "kim": must be a role such as ChannelDirector: letters and digits, the first one a capital letter`)
	for _, field := range []string{"resolver", "escalateTo"} {
		add("disputes to a person as "+field, edits{rules + ".reviews.disputes." + field: "kim"},
			rules+`.reviews.disputes.`+field+`: Invalid value: "kim": must be a role such as ChannelDirector: letters and digits, the first one a capital letter`)
	}
	add("two steps of escalation on one day", edits{rules + ".escalation[1]": "{about: Review, afterDays: 7, to: ChannelDirector}"},
		rules+`.escalation[1]: Duplicate value: {"about":"Review","afterDays":7}`)
	add("a partner that owns the vendor's decision", edits{rules + ".standing": "[{cause: DecisionOverdue, owner: Partner}]"},
		rules+".standing[0].owner: Invalid value: the partner submits the plan and the vendor decides on it: set owner to Partner for PlanOverdue, to Vendor for "+
			"DecisionOverdue")
	add("a vendor that owns the partner's submission", edits{rules + ".standing": "[{cause: PlanOverdue, owner: Vendor}]"},
		rules+".standing[0].owner: Invalid value: the partner submits the plan and the vendor decides on it: set owner to Partner for PlanOverdue, to Vendor for "+
			"DecisionOverdue")
	add("the vendor's decisions escalate on the same day", edits{rules + ".escalation[1]": "{about: Decision, afterDays: 7, to: ChannelDirector}"})
}

// meetingRows are changes to who has to be at meetings.
func meetingRows(add adder) {
	for _, field := range []string{"kickOffFunctions", "reviewFunctions"} {
		path := "spec.ruleSets[0].tiers[0].planning." + field
		add("nobody who must be there by "+field, edits{path: "{}"}, path+": Invalid value: name the functions of at least one party: vendor or partner")
		add("the vendor's function alone in "+field, edits{path + ".partner": absent})
	}
}

// totalRows are programs whose rule sets have too much together, though each has no more than one may.
func totalRows(add adder) {
	const left = ": remove rule sets that are no longer needed"
	ruleSets := func(field, entry string, counts ...int) string {
		var sets []string
		for i, count := range counts {
			var entries []string
			for j := range count {
				entries = append(entries, fmt.Sprintf(entry, j+1))
			}
			sets = append(sets, fmt.Sprintf("{name: fy%d, effectiveFrom: '20%d-07-01', %s: [%s]}", 27+i, 26+i, field, strings.Join(entries, ", ")))
		}
		return "[" + strings.Join(sets, ", ") + "]"
	}
	const tier, bound = "{name: t%[1]d, rank: %[1]d}", "{metric: new-revenue, maxTarget: '%d'}"
	add("16 tiers in all", edits{"spec.ruleSets": ruleSets("tiers", tier, 7, 7, 2)})
	add("17 tiers in all", edits{"spec.ruleSets": ruleSets("tiers", tier, 7, 7, 3)},
		"spec.ruleSets: Invalid value: all rule sets together may have at most 16 tiers"+left)
	add("56 realism bounds in all", edits{"spec.ruleSets": ruleSets("realism", bound, 26, 26, 4)})
	add("65 realism bounds in all", edits{"spec.ruleSets": ruleSets("realism", bound, 30, 30, 5)},
		"spec.ruleSets: Invalid value: all rule sets together may have at most 56 realism bounds"+left)
	const points = "{metric: partner-points, of: m%d, points: '1'}"
	add("32 entries of points in all", edits{"spec.ruleSets": ruleSets("points", points, 16, 15, 1)})
	add("33 entries of points in all", edits{"spec.ruleSets": ruleSets("points", points, 16, 15, 2)},
		"spec.ruleSets: Invalid value: all rule sets together may have at most 32 entries of points"+left)
	const step = "{about: Review, afterDays: %d, to: ChannelDirector}"
	add("32 steps of escalation in all", edits{"spec.ruleSets": ruleSets("escalation", step, 10, 10, 10, 2)})
	add("33 steps of escalation in all", edits{"spec.ruleSets": ruleSets("escalation", step, 10, 10, 10, 3)},
		"spec.ruleSets: Invalid value: all rule sets together may have at most 32 steps of escalation"+left)
}
