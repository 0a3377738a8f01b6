package api

// noFigures are the figures of a period in which nothing was.
const noFigures = "{partners: 0, awaited: 0, overlaps: 0, planning: {approvals: 0, withVendor: 0, withPartner: 0, vendorDays: 0, partnerDays: 0}}"

// fiscalPeriodRows are changes to a period that is stated by its name.
func fiscalPeriodRows(add adder, path string) {
	either := path + ": Invalid value: give either fiscalYear (with part) or both from and through"
	add("a period that is none in "+path, edits{path: "{}"}, either)
	add("a period of a year and days in "+path, edits{path: "{fiscalYear: 2027, from: '2026-07-01', through: '2026-12-31'}"}, either)
	add("a period without year in "+path, edits{path: "{part: H1}"}, either, path+": Invalid value: part needs a fiscalYear: add fiscalYear, or remove part")
}

// dayPeriodRows are changes to a period that is stated by its days.
func dayPeriodRows(add adder, path string) {
	add("a period without end in "+path, edits{path + ".through": absent},
		path+": Invalid value: give either fiscalYear (with part) or both from and through")
	add("a period that ends before it begins in "+path, edits{path + ".through": "'2026-06-30'"}, path+": Invalid value: from must not be after through")
	add("a period of more than two years in "+path, edits{path + ".through": "'2028-07-03'"},
		path+": Invalid value: a period may have at most two years: through must be at most 732 days after from")
	add("a period of the far future in "+path, edits{path + ".from": "'2199-01-01'", path + ".through": "'2199-01-31'"},
		path+".through: Invalid value: a period must end by 2198, so that its deadlines are days of the years to 2200")
}

// strategyRows are changes to a strategy.
func strategyRows(add adder) {
	add("a name that is too long", edits{"metadata.name": longName}, "<nil>: Invalid value: metadata.name must be that of the PartnerProgram: at most 63 characters")
	fiscalPeriodRows(add, "spec.targets[0].period")
	dayPeriodRows(add, "spec.targets[1].period")
	add("conflicts that a person settles", edits{"spec.conflictOwner": "kim"},
		`spec.conflictOwner: Invalid value: "kim": must be a role such as ChannelDirector: letters and digits, the first one a capital letter`)
	add("a cost of nothing", edits{"spec.profitability.costs[0]": "{name: certification}"},
		"spec.profitability.costs[0]: Invalid value: give at least one of start and monthly")
	const bonus = "spec.managers.bonus[0]"
	add("a bonus that asks for nothing", edits{bonus: "{effectiveFrom: '2026-07-01'}"}, bonus+": Invalid value: ask for something: give at least one of "+
		"minApprovedInTimePercent, minReviewsInTimePercent, minReconciledPercent, minAttainmentPercent and minGoalsPercent")
	for _, field := range []string{"minApprovedInTimePercent", "minGoalsPercent", "minReconciledPercent", "minReviewsInTimePercent"} {
		add("a bonus that asks for more than all in "+field, edits{bonus + "." + field: "'100.5'"}, bonus+"."+field+`: Invalid value: "100.5": must be at most 100`)
	}
	add("a bonus that asks for more attainment than all", edits{bonus + ".minAttainmentPercent": "'120'"})
	add("evidence about managers and no bonus", edits{"spec.managers": "{}"})
	add("a negative capacity", edits{"spec.capacity[0].quantity": "'-1'"}, `spec.capacity[0].quantity: Invalid value: "-1": `+negative)
	add("one market twice", edits{"spec.coverage.cells[1]": "{territory: north, segment: schools}"},
		`spec.coverage.cells[1]: Duplicate value: {"segment":"schools","territory":"north"}`)
}
