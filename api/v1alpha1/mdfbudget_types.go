package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// LimitScope says over what a funding limit adds up.
//
// +kubebuilder:validation:Enum=Request;Activity;Plan;Partner
type LimitScope string

const (
	// LimitPerRequest bounds what one request is granted.
	LimitPerRequest LimitScope = "Request"
	// LimitPerActivity bounds what all requests for one activity of one plan are granted.
	LimitPerActivity LimitScope = "Activity"
	// LimitPerPlan bounds what all requests under one plan are granted.
	LimitPerPlan LimitScope = "Plan"
	// LimitPerPartner bounds what all requests of one partner are granted.
	LimitPerPartner LimitScope = "Partner"
)

// FundingLimit is one of several limits of what the budget grants. Of all limits that apply to a request the least governs.
//
// +kubebuilder:validation:XValidation:rule="has(self.amount) != has(self.percent)",message="give exactly one of amount and percent"
// +kubebuilder:validation:XValidation:rule="has(self.percent) == has(self.metric)",message="percent and metric belong together: percent is the share of that metric"
// +kubebuilder:validation:XValidation:rule="!has(self.trailingMonths) || has(self.metric)",message="trailingMonths applies to a metric only: remove trailingMonths"
type FundingLimit struct {
	// name is the limit's name, such as gold-cap. Refusals and cuts name it.
	// +required
	Name Name `json:"name,omitempty"`

	// per is what the limit adds up over: Request, Activity (of one plan), Plan or Partner. It counts what this budget has reserved and
	// settled for it.
	// +required
	Per LimitScope `json:"per,omitempty"`

	// tiers lists the effective tiers to which the limit applies: at most 16. Absent means all partners, also those without a tier.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Tiers []Name `json:"tiers,omitempty"`

	// activities lists the activity types to which the limit applies, at most 32; other requests neither are bound by it nor count. Absent means
	// all.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	Activities []ActivityType `json:"activities,omitempty"`

	// amount is the limit in units of the budget's currency, such as "5000.00".
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Amount Decimal `json:"amount,omitempty"`

	// percent is the limit as a share of a metric of the partner, 0 to 1000, such as "3"; the amount is rounded down.
	// +optional
	Percent Percent `json:"percent,omitempty"`

	// metric is the metric, with unit Currency, of which percent is a share. It is measured about the partner, in the program's currency.
	// +optional
	Metric Name `json:"metric,omitempty"`

	// trailingMonths is the number of months, ending with today, over which a Flow metric is added up: 1 to 60. Absent means 12.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=60
	TrailingMonths *int32 `json:"trailingMonths,omitempty"` //nolint:kubeapilinter // absent is not zero
}

// AccrualSpend says when a partner may spend what it earned.
//
// +kubebuilder:validation:Enum=SamePeriod;NextPeriod
type AccrualSpend string

const (
	// SpendSamePeriod lets a partner spend what it earns in an interval from the day on which it is measured to the interval's end.
	SpendSamePeriod AccrualSpend = "SamePeriod"
	// SpendNextPeriod lets a partner spend in an interval what it earned in the one before.
	SpendNextPeriod AccrualSpend = "NextPeriod"
)

// AccrualStep is a step of a table: who reaches the threshold earns the amount.
type AccrualStep struct {
	// atLeast is the least value of the metric in the interval that reaches the step, in the metric's unit.
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	AtLeast Decimal `json:"atLeast,omitempty"`

	// amount is what is earned at this step, in units of the budget's currency, such as "1000.00". It takes the place of lower steps, it is not
	// added to them.
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Amount Decimal `json:"amount,omitempty"`
}

// ShortfallRule says what becomes of money that was granted on results which were corrected or removed later.
//
// +kubebuilder:validation:Enum=NextAccrual;Invoice;WriteOff
type ShortfallRule string

const (
	// ShortfallNextAccrual means that what the partner earns next makes up for it first, and that nothing more is granted until it has.
	ShortfallNextAccrual ShortfallRule = "NextAccrual"
	// ShortfallInvoice means that the vendor invoices the partner for it, and that later earnings are left to the partner.
	ShortfallInvoice ShortfallRule = "Invoice"
	// ShortfallWriteOff means that the vendor bears it.
	ShortfallWriteOff ShortfallRule = "WriteOff"
)

// Accrual says that each partner may draw only what it has earned, and how it earns: as a percentage of a metric, or by a table of steps.
// What is earned in one interval is a lot. Lots are spent oldest first. Negative measurements (credit notes, returns) reduce their
// lot; a lot below zero is a deficit that the following lots make up for first.
//
// +kubebuilder:validation:XValidation:rule="[has(self.percent), has(self.steps), has(self.percentSteps)].exists_one(x, x)",message="give exactly one of percent, steps and percentSteps"
// +kubebuilder:validation:XValidation:rule="has(self.percentSteps) == has(self.stepsApply)",message="percentSteps and stepsApply belong together: stepsApply says whether a step's percent holds for its band (Marginal) or for all (Retroactive)"
// +kubebuilder:validation:XValidation:rule="has(self.every) != has(self.fromEvent)",message="give exactly one of every and fromEvent"
type Accrual struct {
	// metric is the metric, measured about the partner, by which it earns: a Flow metric; with unit Currency, in the program's currency,
	// where percent or percentSteps is given.
	// +required
	Metric Name `json:"metric,omitempty"`

	// percent is the share of the metric that is earned, 0 to 1000, such as "3"; the amount is rounded down per lot.
	// +optional
	Percent Percent `json:"percent,omitempty"`

	// steps is a table of at most 16 thresholds and amounts; the highest threshold that is reached governs.
	// +optional
	// +listType=map
	// +listMapKey=atLeast
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Steps []AccrualStep `json:"steps,omitempty"`

	// percentSteps is a table of at most 16 thresholds and percentages. The amount is rounded down once per lot. Up to the lowest threshold nothing is
	// earned.
	// +optional
	// +listType=map
	// +listMapKey=above
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	PercentSteps []PercentStep `json:"percentSteps,omitempty"`

	// stepsApply says of what the percentages of percentSteps are: Marginal (each of the part of the metric in its own band) or Retroactive (the one
	// of the highest step that is reached, of all of it). Required with percentSteps.
	// +optional
	StepsApply StepsApply `json:"stepsApply,omitempty"`

	// every is the fiscal interval of a lot: Month, Quarter, Half or Year. Absent where fromEvent is given.
	// +optional
	Every Cadence `json:"every,omitempty"`

	// fromEvent lets a partner earn in one interval of its own, which begins with an event: there is one lot. Absent where every is given.
	// +optional
	FromEvent *EventInterval `json:"fromEvent,omitempty"`

	// spend says when a lot may be spent: SamePeriod (as it is measured, to the end of its interval) or NextPeriod (in the interval after
	// it, as long as the one before).
	// +required
	Spend AccrualSpend `json:"spend,omitempty"`

	// carryOverMonths is how many months longer a lot may be spent: 0 to 60. Absent means 0: none is carried over.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=60
	CarryOverMonths *int32 `json:"carryOverMonths,omitempty"`

	// shortfall says what becomes of what a partner has drawn and no longer earned, because results were corrected or removed: NextAccrual (the next
	// earnings make up for it), Invoice or WriteOff. Absent means NextAccrual. What was granted is not taken back.
	// +optional
	Shortfall ShortfallRule `json:"shortfall,omitempty"`

	// maximum is the most that one lot may hold, in units of the budget's currency, such as "1200.00". Absent means no limit.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Maximum Decimal `json:"maximum,omitempty"`
}

// AuthorityLevel says from which amount on more people must approve.
type AuthorityLevel struct {
	// above is the amount above which the level applies, in units of the budget's currency, such as "5000.00".
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Above Decimal `json:"above,omitempty"`

	// approvers is the number of different people of the vendor who must approve: 2 to 5.
	// +required
	// +kubebuilder:validation:Minimum=2
	// +kubebuilder:validation:Maximum=5
	Approvers int32 `json:"approvers,omitempty"`
}

// MostApprovers is the greatest number of people that a level of authority asks for.
const MostApprovers = 5

// AuthorityRule says how many people must approve which amounts, from a day on until the next rule of the budget takes effect.
//
// +kubebuilder:validation:XValidation:rule="!has(self.fastLane) || !has(self.levels) || !self.fastLane.upTo.matches('^[0-9]+([.][0-9]+)?$') || self.levels.all(l, !l.above.matches('^[0-9]+([.][0-9]+)?$') || double(self.fastLane.upTo) <= double(l.above))",fieldPath=".fastLane",message="upTo must not be above any level: what more than one person must approve is in no fast lane"
type AuthorityRule struct {
	// effectiveFrom is the first day on which the rule is in force, in the time zone of the program. A rule that is added to a budget takes
	// effect after all that are there, and not before the day after it is written; an account with the verb attest on mdfbudgets may add an
	// earlier one.
	// +required
	EffectiveFrom Date `json:"effectiveFrom,omitempty"`

	// levels lists the amounts above which more than one person must approve: at most 4. Absent means that one person approves any amount.
	// +optional
	// +listType=map
	// +listMapKey=above
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=4
	Levels []AuthorityLevel `json:"levels,omitempty"`

	// fastLane spares small requests a part of the proofs. As one person approves them, upTo must not be above any of the levels. A request is in the fast lane
	// by each rule that binds it, or not at all. Absent means that there is none.
	// +optional
	FastLane *FastLane `json:"fastLane,omitempty"`
}

// WindowEvent is an event at which a window for requests opens, or an interval in which a partner earns.
//
// +kubebuilder:validation:Enum=AgreementSigned;MemberSince;FirstResult;FirstPlanApproved
type WindowEvent string

const (
	// EventAgreementSigned is the day on which the partner's agreement was signed.
	EventAgreementSigned WindowEvent = "AgreementSigned"
	// EventMemberSince is the day since when the partner is a member of the program.
	EventMemberSince WindowEvent = "MemberSince"
	// EventFirstResult is the first day with a result above zero of a metric, such as the first sale.
	EventFirstResult WindowEvent = "FirstResult"
	// EventFirstPlanApproved is the first day on which every party had approved a plan of the partner.
	EventFirstPlanApproved WindowEvent = "FirstPlanApproved"
)

// DayCount says how the days of a window are counted.
//
// +kubebuilder:validation:Enum=CalendarDays;BusinessDays
type DayCount string

const (
	// CountCalendarDays counts every day.
	CountCalendarDays DayCount = "CalendarDays"
	// CountBusinessDays counts the business days of the program's calendar.
	CountBusinessDays DayCount = "BusinessDays"
)

// EventWindow lets a partner make requests only within a number of days after an event. The event's own day is not counted, but it is in the
// window: with 90 days a request is in time from the event's day to the 90th day after it, both inclusive.
//
// +kubebuilder:validation:XValidation:rule="has(self.metric) == (self.event == 'FirstResult')",message="metric is required for event FirstResult and must be absent otherwise"
type EventWindow struct {
	// event is AgreementSigned, MemberSince, FirstResult or FirstPlanApproved.
	// +required
	Event WindowEvent `json:"event,omitempty"`

	// metric is the metric, measured about the partner, whose first result above zero is the event, for FirstResult.
	// +optional
	Metric Name `json:"metric,omitempty"`

	// days is the length of the window in days after the event: 1 to 1830.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=1830
	Days int32 `json:"days,omitempty"`

	// count is CalendarDays or BusinessDays. Absent means CalendarDays.
	// +optional
	Count DayCount `json:"count,omitempty"`
}

// ClaimPolicy says what a claim on the budget must be like, and until when.
//
// +kubebuilder:validation:XValidation:rule="!has(self.minimum) || !has(self.maximum) || [self.minimum, self.maximum].exists(d, !d.matches('^[0-9]+([.][0-9]+)?$')) || double(self.minimum) <= double(self.maximum)",message="minimum must not be above maximum"
type ClaimPolicy struct {
	// receivedBy is the last day on which any claim may be received, whatever the activity's own window (claimWithinDays of the program's
	// activity) allows. Absent means that the activity's window alone decides.
	// +optional
	ReceivedBy Date `json:"receivedBy,omitempty"`

	// withinDaysOfAgreementEnd is how many days after the last day of the partner's agreement (spec.agreement.endsOn) a claim may be received at the
	// latest, whatever the activity's own window allows: the earlier end holds. From 0 to 366. Absent means that the agreement's end ends no window.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=366
	WithinDaysOfAgreementEnd *int32 `json:"withinDaysOfAgreementEnd,omitempty"`

	// minimum is the least reimbursement that one claim may ask for, in units of the budget's currency, such as "25.00". Absent means that any is
	// enough.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Minimum Decimal `json:"minimum,omitempty"`

	// maximum is the most that is reimbursed on one claim, in units of the budget's currency; what is above it is the partner's cost. Absent
	// means no limit.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Maximum Decimal `json:"maximum,omitempty"`

	// resubmitWithinDays is how many days after its rejection or return a claim may be submitted again: 0 to 366. Absent means 45.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=366
	ResubmitWithinDays *int32 `json:"resubmitWithinDays,omitempty"`

	// noticeDays is how many days ahead of its deadline a request whose money is not claimed in full is ClaimWindowClosing: 0 to 120. Absent
	// means 14.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=120
	NoticeDays *int32 `json:"noticeDays,omitempty"`
}

// LedgerRecovery authorises the controller to write the budget's ledger anew after it was lost. It holds for 24 hours and is used once.
type LedgerRecovery struct {
	// requestedTime is the instant of the authorisation. The ledger is rebuilt if it is lost within 24 hours from then on, once per requestedTime.
	// +required
	// +kubebuilder:validation:XValidation:rule="self.getFullYear() >= 1970",message="must be an instant in RFC 3339 form, such as 2026-09-30T12:00:00Z"
	RequestedTime metav1.Time `json:"requestedTime,omitzero"`

	// requestedBy is the person who authorises it, by user name.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="self.matches('^[^\\\\p{Z}\\\\s](.*[^\\\\p{Z}\\\\s])?$') && !self.matches('[\\\\p{C}\\\\p{Zl}\\\\p{Zp}\\\\x{034F}\\\\x{115F}\\\\x{1160}\\\\x{2800}\\\\x{3164}\\\\x{FFA0}]')",message="must be one line of visible text without control, zero-width or text-direction characters, and without spaces at its ends"
	RequestedBy string `json:"requestedBy,omitempty"`
}

// MDFBudgetSpec is an amount of market development funds, and who may draw on it for what.
//
// +kubebuilder:validation:XValidation:rule="!has(self.accrual) || !has(self.rewards)",fieldPath=".rewards",message="accrual and rewards need a budget each: what a partner earns for activities is no reward"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.authority) || has(self.authority)",fieldPath=".authority",message="authority cannot be removed: to have one person approve again, add a rule without levels"
type MDFBudgetSpec struct {
	// displayName is the budget's name for people.
	// +optional
	DisplayName Title `json:"displayName,omitempty"`

	// costCentre is the cost centre that the budget is charged to, by which finance sees what is granted and not paid. Absent means none.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.matches('(?i)^(AD|AE|AL|AT|AZ|BA|BE|BG|BH|BR|BY|CH|CR|CY|CZ|DE|DK|DO|EE|EG|ES|FI|FO|FR|GB|GE|GI|GL|GR|GT|HR|HU|IE|IL|IQ|IS|IT|JO|KW|KZ|LB|LC|LI|LT|LU|LV|LY|MC|MD|ME|MK|MN|MR|MT|MU|NI|NL|NO|OM|PK|PL|PS|PT|QA|RO|RS|RU|SA|SC|SD|SE|SI|SK|SM|SO|ST|SV|TL|TN|TR|UA|VA|VG|XK|YE)[0-9]{2}([ ._/-]?[A-Z0-9]){11,30}$') && !self.matches('^([0-9][ ._/-]?){12,}[0-9]$')",message="looks like an IBAN or the number of a card: bank details do not belong here, give the cost centre"
	CostCentre Word `json:"costCentre,omitempty"`

	// posting says under what finance posts claims on the budget, and what it needs for that. Absent means that nothing is asked for.
	// +optional
	Posting *BudgetPosting `json:"posting,omitempty"`

	// programRef names the PartnerProgram whose calendar, activities and metrics the budget uses. Only its partners may draw on the budget.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="the program of a budget cannot be changed: create another budget"
	ProgramRef Reference `json:"programRef,omitzero"`

	// period is the span in which funded activities must start and end.
	// +required
	Period Period `json:"period,omitzero"`

	// amount is the most that may be reserved and settled in all. When it is lowered, the latest grants that are not claimed are released until
	// the rest fits. Its currency, which cannot be changed, is the budget's only one.
	// +required
	// +kubebuilder:validation:XValidation:rule="self.currency == oldSelf.currency",message="the currency of a budget cannot be changed: create another budget"
	Amount Money `json:"amount,omitzero"`

	// allowedNamespaces says which namespaces may draw on the budget. Absent means all.
	// +optional
	AllowedNamespaces *AllowedNamespaces `json:"allowedNamespaces,omitempty"`

	// activities lists the types of activity that are funded: at most 32. Absent means all of the program's catalogue that have a
	// reimbursementPercent.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	Activities []ActivityType `json:"activities,omitempty"`

	// requestBy is the last day on which a request may be made. Absent means the last day of the period.
	// +optional
	RequestBy Date `json:"requestBy,omitempty"`

	// requestWindow lets a partner make requests only for a while after an event. Absent means at any time up to requestBy.
	// +optional
	RequestWindow *EventWindow `json:"requestWindow,omitempty"`

	// expectedOutcome says whether a request must state what results are expected: Required or Optional. Absent means Required.
	// +optional
	// +kubebuilder:validation:Enum=Required;Optional
	ExpectedOutcome string `json:"expectedOutcome,omitempty"`

	// limits are the limits of what is granted: at most 16. The least of those that apply governs.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Limits []FundingLimit `json:"limits,omitempty"`

	// accrual lets each partner draw only what it has earned. Absent means that the partners share the amount.
	// +optional
	Accrual *Accrual `json:"accrual,omitempty"`

	// sharedActivities lists activities that several partners carry out together, each with an amount that they draw on in common: at most 32.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	SharedActivities []SharedActivity `json:"sharedActivities,omitempty"`

	// rewards are rebates, bonuses and credits that the budget pays to partners who reach results under a plan: at most 8. Absent means none.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	Rewards []RewardRule `json:"rewards,omitempty"`

	// authority says how many people of the vendor must approve a request, from which day on: at most 24 rules. Rules are added and never
	// changed or removed. A request must satisfy each rule that was in force on any day from the one on which it was made to the one of the
	// decision, and on the day on which a rule takes effect the one before it is in force too. So a rule that asks for more people binds every
	// decision from its day on, and one that asks for fewer helps only requests that are made after its day. Absent, and before the first
	// rule, one person is enough.
	// +optional
	// +listType=map
	// +listMapKey=effectiveFrom
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=24
	// +kubebuilder:validation:XValidation:rule="oldSelf.all(o, !has(o.effectiveFrom) || self.exists(n, n == o))",message="a rule of authority cannot be changed or removed: add one with a later effectiveFrom"
	// +kubebuilder:validation:XValidation:rule="self.all(n, oldSelf.all(o, !has(o.effectiveFrom) || n.effectiveFrom > o.effectiveFrom) || oldSelf.exists(o, has(o.effectiveFrom) && o.effectiveFrom == n.effectiveFrom))",message="a rule of authority takes effect after all that are there: give it a later effectiveFrom"
	Authority []AuthorityRule `json:"authority,omitempty"`

	// claims says what a claim must be like, and until when.
	// +optional
	Claims *ClaimPolicy `json:"claims,omitempty"`

	// recovery authorises the controller to write the budget's ledger anew after it was lost.
	// +optional
	Recovery *LedgerRecovery `json:"recovery,omitempty"`
}

// LedgerRecord is what the budget's status remembers of its ledger, so that its loss is noticed.
type LedgerRecord struct {
	// name is the name of the MDFLedger.
	// +required
	Name Name `json:"name,omitempty"`

	// uid is the UID of the MDFLedger that was last seen. Another one under the same name is no loss.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	UID string `json:"uid,omitempty"`

	// reservations is the number of requests with money reserved.
	// +required
	// +kubebuilder:validation:Minimum=0
	Reservations int32 `json:"reservations"`

	// settlements is the number of claims that were paid.
	// +required
	// +kubebuilder:validation:Minimum=0
	Settlements int32 `json:"settlements"`
}

// RecoveryReport says what a ledger was rebuilt from.
type RecoveryReport struct {
	// requestedTime is the authorisation that was used, from spec.recovery.
	// +required
	// +kubebuilder:validation:XValidation:rule="self.getFullYear() >= 1970",message="must be an instant"
	RequestedTime metav1.Time `json:"requestedTime,omitzero"`

	// requestedBy is the person who authorised it.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	RequestedBy string `json:"requestedBy,omitempty"`

	// reservations is the number of reservations that were rebuilt, from the statuses of requests.
	// +required
	// +kubebuilder:validation:Minimum=0
	Reservations int32 `json:"reservations"`

	// reserved is their sum.
	// +required
	Reserved Money `json:"reserved,omitzero"`

	// settlements is the number of settlements that were rebuilt, from the payments that claims record.
	// +required
	// +kubebuilder:validation:Minimum=0
	Settlements int32 `json:"settlements"`

	// settled is their sum.
	// +required
	Settled Money `json:"settled,omitzero"`

	// notes say what could not be rebuilt, and what differs from what statuses said; at most 16.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=512
	Notes []string `json:"notes,omitempty"`
}

// MDFBudgetStatus is how a budget stands.
type MDFBudgetStatus struct {
	CommonStatus `json:",inline"`

	// periodLabel names the period for people, such as FY2027.
	// +optional
	// +kubebuilder:validation:MaxLength=64
	PeriodLabel string `json:"periodLabel,omitempty"` //nolint:kubeapilinter // output

	// period is the period's first and last day.
	// +optional
	Period *DayRange `json:"period,omitempty"`

	// reserved is what is granted and not yet paid, by the ledger.
	// +optional
	Reserved *Money `json:"reserved,omitempty"`

	// settled is what is paid, by the ledger.
	// +optional
	Settled *Money `json:"settled,omitempty"`

	// available is what may still be granted: the amount less reserved and settled, at least zero; zero from the day after the period's end
	// on.
	// +optional
	Available *Money `json:"available,omitempty"`

	// lapsed is what was neither reserved nor settled when the period ended, or was released since: it is not granted any more. Absent while
	// the period has not ended.
	// +optional
	Lapsed *Money `json:"lapsed,omitempty"`

	// excess is by how much reserved and settled are above the amount, after the amount was lowered. Absent when they are not.
	// +optional
	Excess *Money `json:"excess,omitempty"`

	// granted counts the requests with money reserved or settled.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Granted *int32 `json:"granted,omitempty"`

	// exceptions counts the requests among them that were approved as an exception, after their activity had begun.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Exceptions *int32 `json:"exceptions,omitempty"`

	// exceptionAmount is what is reserved and settled for them.
	// +optional
	ExceptionAmount *Money `json:"exceptionAmount,omitempty"`

	// waiting counts the requests that are eligible and approved, and wait for money.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Waiting *int32 `json:"waiting,omitempty"`

	// sharedActivities says what of each shared activity is granted, by name: at most 32.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=32
	SharedActivities []SharedActivityUse `json:"sharedActivities,omitempty"`

	// ledger is what is remembered of the budget's ledger.
	// +optional
	Ledger *LedgerRecord `json:"ledger,omitempty"`

	// recovery says what the ledger was last rebuilt from.
	// +optional
	Recovery *RecoveryReport `json:"recovery,omitempty"`
}

// Condition types of MDFBudget.
const (
	// ConditionLedgerIntact says that the budget's ledger is there and can be used. No money is granted while it is not True.
	ConditionLedgerIntact = "LedgerIntact"
	// ConditionWithinLimit says that what is reserved and settled is within the budget's amount.
	ConditionWithinLimit = "WithinLimit"
	// ConditionClockTrusted is False while the manager's clock and the API server's differ by more than a limit: nothing is evaluated, granted, released or
	// settled, and the rest of the status stays as it is. It is absent when they agree.
	ConditionClockTrusted = "ClockTrusted"
)

// Condition reasons of MDFBudget besides those of all kinds.
const (
	// ReasonLedgerIntact surfaces on LedgerIntact when the ledger is there and can be used.
	ReasonLedgerIntact = "LedgerIntact"
	// ReasonLedgerMissing surfaces on LedgerIntact when the ledger is about to be created for the first time.
	ReasonLedgerMissing = "LedgerMissing"
	// ReasonRecoveryRequired surfaces on LedgerIntact, Granted, ClaimWindowClosing, Accepted and Settled when the ledger was lost: payments, statuses or the budget's
	// own record say that it existed. A person must authorise its rebuilding.
	ReasonRecoveryRequired = "RecoveryRequired"
	// ReasonLedgerMismatch surfaces on LedgerIntact and Granted when the ledger is of another currency than the budget.
	ReasonLedgerMismatch = "LedgerMismatch"
	// ReasonLedgerFull surfaces on LedgerIntact, Granted and Settled when the ledger has no space for another entry: another budget is needed.
	ReasonLedgerFull = "LedgerFull"
	// ReasonPolicyMissing surfaces on LedgerIntact and Granted while an admission policy that guards money is not in force.
	ReasonPolicyMissing = "PolicyMissing"
	// ReasonBudgetExceeded surfaces on WithinLimit when more is reserved and settled than the amount, because it was lowered.
	ReasonBudgetExceeded = "BudgetExceeded"
	// ReasonClockSkewed surfaces on ClockTrusted while the manager's clock and the API server's differ too much to know which day it is.
	ReasonClockSkewed = "ClockSkewed"
)

// MDFBudget is an amount of market development funds in one currency for one period, and the rules by which partners draw on it. What was
// granted of it stands in the MDFLedger of the same name.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,shortName=mdfb,categories=jmp
// +kubebuilder:printcolumn:name="Act-By",type=string,JSONPath=`.status.nextSteps[0].by`
// +kubebuilder:printcolumn:name="Who",type=string,JSONPath=`.status.nextSteps[0].party`
// +kubebuilder:printcolumn:name="Period",type=string,JSONPath=`.status.periodLabel`
// +kubebuilder:printcolumn:name="Currency",type=string,JSONPath=`.spec.amount.currency`
// +kubebuilder:printcolumn:name="Amount",type=string,JSONPath=`.spec.amount.amount`
// +kubebuilder:printcolumn:name="Reserved",type=string,JSONPath=`.status.reserved.amount`
// +kubebuilder:printcolumn:name="Settled",type=string,JSONPath=`.status.settled.amount`
// +kubebuilder:printcolumn:name="Available",type=string,JSONPath=`.status.available.amount`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Next",type=string,priority=1,JSONPath=`.status.nextSteps[0].do`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.size() <= 63 && self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",message="metadata.name must consist of at most 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit"
type MDFBudget struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is the budget.
	// +required
	Spec MDFBudgetSpec `json:"spec,omitzero"`

	// status is how the budget stands, written by the controller alone.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status MDFBudgetStatus `json:"status,omitzero"`
}

// MDFBudgetList is a list of MDFBudgets.
//
// +kubebuilder:object:root=true
type MDFBudgetList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the budgets.
	Items []MDFBudget `json:"items"`
}
