package measure

// Rules that are found wrong in measurements.
const (
	// RuleEntryInvalid: the day, the value or reportedOn of an entry cannot be read, and the entry does not count. Remedy: write the day as 2026-09-30, the
	// value as a plain decimal number.
	RuleEntryInvalid = "EntryInvalid"
	// RuleEntryMetricUnknown: an entry names a metric that the program's catalogue does not have, and does not count. Remedy: correct the name, or
	// add the metric to spec.metrics of the program.
	RuleEntryMetricUnknown = "EntryMetricUnknown"
	// RuleEntryComputed: an entry reports a metric that is computed on its day, by the points of the rule set in force, and does not count. Remedy: remove
	// the entry, and report the metrics that count for it.
	RuleEntryComputed = "EntryComputed"
	// RuleTransactionIgnored: an entry of a level, or of a total of a period, states a transaction, which has no meaning there. Remedy: remove transaction.
	RuleTransactionIgnored = "TransactionIgnored"
	// RuleTransactionCountedOnce: a reseller reports a transaction that the distributor, or another reseller, reports too; it counts once, for the former.
	// Remedy: none if it is one transaction, else correct its number.
	RuleTransactionCountedOnce = "TransactionCountedOnce"
	// RuleUnitMismatch: an entry states another unit than the metric's, and does not count; nothing is converted. Remedy: write the value in the
	// metric's unit.
	RuleUnitMismatch = "UnitMismatch"
	// RuleEntryInFuture: an entry is dated after today, or reported after today. It counts from that day on. Remedy: none if that is meant, else correct the day.
	RuleEntryInFuture = "EntryInFuture"
	// RuleEntryBeforePeriod: an entry of a metric that is reported as the total of a plan's period is dated before that period, and does not
	// count. Remedy: correct the day, or remove the entry.
	RuleEntryBeforePeriod = "EntryBeforePeriod"
	// RuleEntryRepeated: a metric, day, cohort and transaction is reported twice from one source with the same value, and counts once. Remedy: remove one entry.
	RuleEntryRepeated = "EntryRepeated"
	// RuleEntryCorrected: a metric, day, cohort and transaction was reported again later, by reportedOn, with another value, which counts from then on. Remedy: none; an
	// evaluation of before that day shows what was known then.
	RuleEntryCorrected = "EntryCorrected"
	// RuleEntryContradicted: a metric, day, cohort and transaction is reported twice from one source with different values, on one day as far as their
	// reportedOn say; that of the last set by name counts. Remedy: remove the wrong entry.
	RuleEntryContradicted = "EntryContradicted"
	// RuleEntriesIgnored: a MeasurementSet about the subject has entries that cannot be used. Remedy: correct what its own findings name.
	RuleEntriesIgnored = "EntriesIgnored"
	// RuleSecondSource: a metric of one subject is reported from two sources; the first by name counts. Remedy: keep one source, or name the
	// metric's sourceOfRecord in the program.
	RuleSecondSource = "SecondSource"
	// RuleSourceNotOfRecord: a metric is reported from another source than the one that the program names, and does not count. Remedy: report it from
	// the source of record.
	RuleSourceNotOfRecord = "SourceNotOfRecord"
	// RuleNotVouchedFor: a partner reports results about itself or its plan, which move tiers and money, and nobody vouches for them; they do not count.
	// They would for a campaign's own figures. Remedy: let a system of the vendor report them, or name partner-reported as the metric's sourceOfRecord.
	RuleNotVouchedFor = "NotVouchedFor"
	// RuleCountedOnce: a metric is reported about a plan and again about its campaigns, or about plans of which one lies within the
	// other; the plan, or the outer plan, counts. Remedy: none if both are about the same results.
	RuleCountedOnce = "CountedOnce"
	// RulePlansOverlap: a metric is reported about two plans that share days, neither within the other; on these days the plan that
	// starts first counts. Remedy: measure it about the partner, or let the periods not overlap.
	RulePlansOverlap = "PlansOverlap"
	// RuleLevelNotAdded: a level is reported about the parts of a subject and not about the subject; levels are not added up. Remedy: measure it
	// about the subject.
	RuleLevelNotAdded = "LevelNotAdded"
)
