package api

import "strings"

// notCode is what is said of a code under which finance posts and that is none.
const (
	notCode = "must be a code such as 100234 or PO-2026-0815: letters, digits and . _ / -, with a letter or digit at its ends"
	notBank = "looks like an IBAN or the number of a card: bank details do not belong here, give the code under which finance posts"
)

// codeRows are changes to a code under which finance posts.
func codeRows(add adder, field string) {
	for _, right := range []string{"100234", "PO-2026-0815", "K/4711.a", "X", strings.Repeat("a", 24), "PO26-2026-0000123", "123456789012"} {
		add("code "+right+" in "+field, edits{field: quoted(right)})
	}
	for _, wrong := range []string{"-1", "a b", "a-"} {
		add("code "+wrong+" in "+field, edits{field: quoted(wrong)}, field+": Invalid value: "+quoted(wrong)+": "+notCode)
	}
	for _, bank := range []string{"NO9386011117947", "no93-8601-1117-947", "DE89370400440532013000", "4111111111111111", "4111-1111-1111-1111", "1234567890123"} {
		add("code "+bank+" in "+field, edits{field: quoted(bank)}, field+": Invalid value: "+quoted(bank)+": "+notBank)
	}
	add("a code that is too long in "+field, edits{field: quoted(strings.Repeat("a", 25))}, field+": Too long: may not be more than 24 bytes", rulesNotChecked)
}

// contingencyRows are changes to what a request is contingent on.
func contingencyRows(add adder) {
	const one = "spec.contingentOn[1]"
	const either = one + ": Invalid value: give exactly one of atLeast and attainmentPercent"
	add("a value and a share", edits{one + ".atLeast": "'5'"}, either)
	add("neither", edits{one + ".attainmentPercent": absent}, either, one+".basis: Invalid value: basis says by which target attainmentPercent is meant: remove it, or give attainmentPercent")
	add("a part of a percent", edits{one + ".attainmentPercent": "'85.5'"}, one+`.attainmentPercent: Invalid value: "85.5": must be a whole percentage above zero, such as 85`)
	add("a cut-off day that is not used", edits{one + ".basis": "Original"}, one+".asOf: Invalid value: asOf is required for basis AsOf and must be absent otherwise")
	add("no cut-off day", edits{one + ".asOf": absent}, one+".asOf: Invalid value: asOf is required for basis AsOf and must be absent otherwise")
	add("the original target", edits{one + ".basis": "Original", one + ".asOf": absent})
}

// postingRows are changes to what a budget says of finance and of its fast lane.
func postingRows(add adder) {
	codeRows(add, "spec.posting.account")
	codeRows(add, "spec.posting.taxCode")
	add("an IBAN as cost centre", edits{"spec.costCentre": "'DE89 3704 0044 0532 0130 00'"}, `spec.costCentre: Invalid value: "DE89 3704 0044 0532 0130 00": looks like an IBAN or the `+
		"number of a card: bank details do not belong here, give the cost centre")
	const lane = "spec.authority[0].fastLane"
	add("a fast lane up to the level", edits{lane + ".upTo": "'5000.00'"})
	add("a fast lane above the level", edits{lane + ".upTo": "'5000.01'"}, lane+": Invalid value: upTo must not be above any level: what more than one person must approve is in no fast lane")
	add("a fast lane up to nothing", edits{lane + ".upTo": "'0.00'"}, lane+`.upTo: Invalid value: "0.00": `+aboveZero)
}

// rateRows are changes to the rates by initiative.
func rateRows(add adder) {
	const points = "spec.initiativeRates[0].points"
	for _, right := range []string{"100", "-100", "2.5", "-0.25", "99.99"} {
		add("points "+right, edits{points: quoted(right)})
	}
	for _, wrong := range []string{"0", "101", "+10", "ten", "-0", "1.234"} {
		add("points "+wrong, edits{points: quoted(wrong)}, points+": Invalid value: "+quoted(wrong)+": must be percentage points from -100 to 100 such as 10 or -20, and not 0")
	}
	add("a cap below zero", edits{"spec.ruleSets[0].reducedMaximum": "'-1'"}, `spec.ruleSets[0].reducedMaximum: Invalid value: "-1": `+negative)
	add("a cap of zero", edits{"spec.ruleSets[0].reducedMaximum": "'0'"})
}
