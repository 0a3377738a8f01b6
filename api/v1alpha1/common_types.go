package v1alpha1

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Name names a thing within an object or another object: lower-case letters, digits and hyphens, at most 63.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=63
// +kubebuilder:validation:XValidation:rule="self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",message="must consist of lower-case letters, digits and hyphens, and begin and end with a letter or digit"
type Name string

// Title is one line of visible text for people, at most 128 characters, without control, zero-width or text-direction characters, and without
// spaces at its ends.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=128
// +kubebuilder:validation:XValidation:rule="self.matches('^[^\\\\p{Z}\\\\s](.*[^\\\\p{Z}\\\\s])?$') && !self.matches('[\\\\p{C}\\\\p{Zl}\\\\p{Zp}\\\\x{034F}\\\\x{115F}\\\\x{1160}\\\\x{2800}\\\\x{3164}\\\\x{FFA0}]')",message="must be one line of visible text without control, zero-width or text-direction characters, and without spaces at its ends"
type Title string

// Text is visible text for people, of one or more lines, at most 1,024 characters, without control, zero-width or
// text-direction characters other than line breaks and tabs.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=1024
// +kubebuilder:validation:XValidation:rule="self.matches('[^\\\\p{Z}\\\\s]') && self.matches('^([^\\\\p{C}\\\\p{Zl}\\\\p{Zp}\\\\x{034F}\\\\x{115F}\\\\x{1160}\\\\x{2800}\\\\x{3164}\\\\x{FFA0}]|[\\\\n\\\\t])+$')",message="must be visible text without control, zero-width or text-direction characters"
type Text string

// Person is a person's name or function: a line of text as in Title, of at most 64 characters.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=64
// +kubebuilder:validation:XValidation:rule="self.matches('^[^\\\\p{Z}\\\\s](.*[^\\\\p{Z}\\\\s])?$') && !self.matches('[\\\\p{C}\\\\p{Zl}\\\\p{Zp}\\\\x{034F}\\\\x{115F}\\\\x{1160}\\\\x{2800}\\\\x{3164}\\\\x{FFA0}]')",message="must be one line of visible text without control, zero-width or text-direction characters, and without spaces at its ends"
type Person string

// Word is a word or two: a line of text as in Title, of at most 32 characters.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=32
// +kubebuilder:validation:XValidation:rule="self.matches('^[^\\\\p{Z}\\\\s](.*[^\\\\p{Z}\\\\s])?$') && !self.matches('[\\\\p{C}\\\\p{Zl}\\\\p{Zp}\\\\x{034F}\\\\x{115F}\\\\x{1160}\\\\x{2800}\\\\x{3164}\\\\x{FFA0}]')",message="must be one line of visible text without control, zero-width or text-direction characters, and without spaces at its ends"
type Word string

// Note is text as in Text, of at most 256 characters.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=256
// +kubebuilder:validation:XValidation:rule="self.matches('[^\\\\p{Z}\\\\s]') && self.matches('^([^\\\\p{C}\\\\p{Zl}\\\\p{Zp}\\\\x{034F}\\\\x{115F}\\\\x{1160}\\\\x{2800}\\\\x{3164}\\\\x{FFA0}]|[\\\\n\\\\t])+$')",message="must be visible text without control, zero-width or text-direction characters"
type Note string

// Decimal is an exact number as text, such as "1250", "-3.5" or "0.25": at most 15 digits before and 6 after the
// point, no exponent, no thousands separator, no leading zeros, no sign on zero.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=64
// +kubebuilder:validation:XValidation:rule="self.matches('^-?(0|[1-9][0-9]{0,14})([.][0-9]{1,6})?$') && !self.matches('^-[0.]+$')",message="must be a plain decimal number such as 1250 or 12.5: at most 15 digits before and 6 after the point, no exponent, no separators, no leading zeros, no sign on zero"
type Decimal string

// Percent is a percentage from 0 to 1000 as decimal text, such as "60" or "2.5", with at most 3 digits after the point.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=32
// +kubebuilder:validation:XValidation:rule="self.matches('^(0|[1-9][0-9]{0,2}|1000)([.][0-9]{1,3})?$') && !self.matches('^1000[.]0*[1-9]')",message="must be a percentage from 0 to 1000 such as 60 or 2.5, without a percent sign"
type Percent string

// Date is a calendar day of the years 1970 to 2200, such as 2026-09-30, in the time zone of the program.
//
// +kubebuilder:validation:Format=date
// +kubebuilder:validation:MinLength=10
// +kubebuilder:validation:MaxLength=10
// +kubebuilder:validation:XValidation:rule="self.getFullYear() >= 1970 && self.getFullYear() <= 2200",message="must be a day of the years 1970 to 2200"
type Date string

// CurrencyCode is the ISO 4217 code of a currency, such as EUR.
//
// +kubebuilder:validation:MinLength=3
// +kubebuilder:validation:MaxLength=3
// +kubebuilder:validation:XValidation:rule="self.matches('^[A-Z]{3}$')",message="must be an ISO 4217 currency code of three capital letters, such as EUR"
type CurrencyCode string

// Money is an amount in one currency.
type Money struct {
	// amount is the amount in units of the currency, such as "12500.00", with no more digits after the point than
	// the currency has (ISO 4217: EUR 2, JPY 0, KWD 3). It is not negative.
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Amount Decimal `json:"amount,omitempty"`

	// currency is the ISO 4217 code of the currency, such as EUR.
	// +required
	Currency CurrencyCode `json:"currency,omitempty"`
}

// Reference names an object of a kind that the field fixes: in the same namespace, or cluster-scoped.
type Reference struct {
	// name is the name of the object.
	// +required
	Name Name `json:"name,omitempty"`
}

// Party is one of the two sides of a joint plan.
//
// +kubebuilder:validation:Enum=Vendor;Partner
type Party string

const (
	// PartyVendor is the company whose products are sold.
	PartyVendor Party = "Vendor"
	// PartyPartner is the company that sells them.
	PartyPartner Party = "Partner"
)

// String writes a party as a sentence does: vendor or partner.
func (p Party) String() string { return strings.ToLower(string(p)) }

// PeriodPart is a whole fiscal year or a part of one.
//
// +kubebuilder:validation:Enum=Year;H1;H2;Q1;Q2;Q3;Q4
type PeriodPart string

const (
	// PartYear is the whole fiscal year.
	PartYear PeriodPart = "Year"
	// PartH1 is the first half of the fiscal year.
	PartH1 PeriodPart = "H1"
	// PartH2 is the second half of the fiscal year.
	PartH2 PeriodPart = "H2"
	// PartQ1 is the first quarter of the fiscal year.
	PartQ1 PeriodPart = "Q1"
	// PartQ2 is the second quarter of the fiscal year.
	PartQ2 PeriodPart = "Q2"
	// PartQ3 is the third quarter of the fiscal year.
	PartQ3 PeriodPart = "Q3"
	// PartQ4 is the fourth quarter of the fiscal year.
	PartQ4 PeriodPart = "Q4"
)

// Period is a span of at most two years: a part of a fiscal year of the program, or two explicit days.
//
// +kubebuilder:validation:XValidation:rule="has(self.fiscalYear) ? !has(self.from) && !has(self.through) : has(self.from) && has(self.through)",message="give either fiscalYear (with part) or both from and through"
// +kubebuilder:validation:XValidation:rule="!has(self.part) || has(self.fiscalYear)",message="part needs a fiscalYear: add fiscalYear, or remove part"
// +kubebuilder:validation:XValidation:rule="!has(self.from) || !has(self.through) || self.from <= self.through",message="from must not be after through"
// +kubebuilder:validation:XValidation:rule="!has(self.from) || !has(self.through) || self.through - self.from <= duration('17568h')",message="a period may have at most two years: through must be at most 732 days after from"
// +kubebuilder:validation:XValidation:rule="!has(self.through) || self.through.getFullYear() <= 2198",fieldPath=".through",message="a period must end by 2198, so that its deadlines are days of the years to 2200"
type Period struct {
	// fiscalYear is the fiscal year by the name that the program's calendar gives it, 1971 to 2197, such as 2027.
	// +optional
	// +kubebuilder:validation:Minimum=1971
	// +kubebuilder:validation:Maximum=2197
	FiscalYear *int32 `json:"fiscalYear,omitempty"` //nolint:kubeapilinter // absent is not zero

	// part is the part of the fiscal year: Year, H1, H2, Q1, Q2, Q3 or Q4. Absent means Year.
	// +optional
	Part PeriodPart `json:"part,omitempty"`

	// from is the first day of an explicit period.
	// +optional
	From Date `json:"from,omitempty"`

	// through is the last day of an explicit period.
	// +optional
	Through Date `json:"through,omitempty"`
}

// DayRange is a span of days, both inclusive.
type DayRange struct {
	// from is the first day.
	// +required
	From Date `json:"from,omitempty"`

	// through is the last day.
	// +required
	Through Date `json:"through,omitempty"`
}

// Severity says how grave a finding is.
//
// +kubebuilder:validation:Enum=Error;Warning;Info
type Severity string

const (
	// SeverityError marks a spec that cannot be evaluated as written; a person must change it. The object is Stalled.
	SeverityError Severity = "Error"
	// SeverityWarning marks a violated rule of the program.
	SeverityWarning Severity = "Warning"
	// SeverityInfo marks a rule at risk, or one that cannot be judged yet.
	SeverityInfo Severity = "Info"
)

// Finding is one rule that is violated, at risk or not to be judged.
type Finding struct {
	// rule is the stable identifier of the rule, such as GoalMetricUnknown. docs/findings.md lists them all.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Rule string `json:"rule,omitempty"`

	// severity is Error (the spec is wrong and a person must change it), Warning (a rule of the program is violated)
	// or Info (at risk, or cannot be judged yet).
	// +required
	Severity Severity `json:"severity,omitempty"`

	// field is the path of the field that the finding is about, such as spec.goals[cloud-revenue].target.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Field string `json:"field,omitempty"`

	// message says what was found, against which threshold, and what to do.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	Message string `json:"message,omitempty"`
}

// NextStep is something that a person has to do next about an object, or about what it waits for.
type NextStep struct {
	// do says what to do: a sentence that begins with a verb and names the field to set or the command to run.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	Do string `json:"do,omitempty"`

	// party is who has to do it: Vendor, Partner or Both.
	// +required
	// +kubebuilder:validation:Enum=Vendor;Partner;Both
	Party string `json:"party,omitempty"`

	// person names the person or people of the party, or the role where nobody is named for it. Absent when no spec names anybody.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	Person string `json:"person,omitempty"`

	// due is the last day on which it is in time by the rules of the program. Absent when the rules set none before by. It may be past: then it is
	// late.
	// +optional
	Due Date `json:"due,omitempty"`

	// by is the last day on which it still helps: what otherwise says follows on the day after. Absent when no rule sets such a day.
	// +optional
	By Date `json:"by,omitempty"`

	// otherwise says what follows if nobody does it, with the days and, where money is at stake, the amount.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	Otherwise string `json:"otherwise,omitempty"`

	// object names what to act on, as kind/name in the same namespace, where that is another object, which has the step too. Absent otherwise.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=317
	Object string `json:"object,omitempty"`
}

// CommonStatus is the part of status that all kinds share.
type CommonStatus struct {
	// conditions say how the object stands. Each kind's page in docs/ lists its condition types and reasons.
	// +optional
	// +listType=map
	// +listMapKey=type
	// +kubebuilder:validation:MaxItems=16
	Conditions []metav1.Condition `json:"conditions,omitempty"`

	// observedGeneration is the generation of the spec that this status was computed from; -1 until the first evaluation.
	// +optional
	// +kubebuilder:validation:Minimum=-1
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`

	// findings list every rule that is violated, at risk or not to be judged, sorted by severity, rule and field.
	// When there are more than 48, the gravest 47 are kept and the last entry says how many were left out.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=48
	Findings []Finding `json:"findings,omitempty"`

	// nextSteps say what people have to do next, the most urgent first; at most 5. Absent when nobody has to do anything.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=5
	NextSteps []NextStep `json:"nextSteps,omitempty"`
}

// Condition types that all kinds have.
const (
	// ConditionReady says that the object was evaluated and is consistent. It is never a business verdict: it is True while
	// a plan waits for approval.
	ConditionReady = "Ready"
	// ConditionStalled is present, and True, only while a person must change the spec before it can be evaluated in full.
	ConditionStalled = "Stalled"
	// ConditionReconciling is present, and True, only while an evaluation is under way that spans several writes.
	ConditionReconciling = "Reconciling"
)

// Reasons of the conditions that all kinds have.
const (
	// ReasonEvaluated surfaces on Ready when the object was evaluated and nothing in its spec is wrong.
	ReasonEvaluated = "Evaluated"
	// ReasonInvalidSpec surfaces on Ready, Stalled, Accepted and Settled when a finding of severity Error names a field that must be changed.
	ReasonInvalidSpec = "InvalidSpec"
	// ReasonReferenceNotFound surfaces on Ready and Stalled when an object that the spec refers to does not exist or may not be used.
	ReasonReferenceNotFound = "ReferenceNotFound"
	// ReasonTooManyObjects surfaces on Ready and Stalled when the partner wrote more objects of the kind than are evaluated, and the vendor has not
	// acted on this one, which comes after them.
	ReasonTooManyObjects = "TooManyObjects"
	// ReasonNotEvaluated surfaces on a business condition, with status Unknown, when it cannot be judged because of a wrong spec.
	ReasonNotEvaluated = "NotEvaluated"
)

// EvidenceChannel is the way on which a document came.
//
// +kubebuilder:validation:Enum=Form;SignedDocument;Mail
type EvidenceChannel string

const (
	// ChannelForm means a form that was returned, such as a spreadsheet.
	ChannelForm EvidenceChannel = "Form"
	// ChannelSignedDocument means a signed document, such as a PDF.
	ChannelSignedDocument EvidenceChannel = "SignedDocument"
	// ChannelMail means a mail.
	ChannelMail EvidenceChannel = "Mail"
)

// Attestation says who recorded what somebody else said or did, who has no account, and what shows it. The document itself stays where it is.
type Attestation struct {
	// recordedBy is the person who records it, by user name. It needs the verb attest.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="self.matches('^[^\\\\p{Z}\\\\s](.*[^\\\\p{Z}\\\\s])?$') && !self.matches('[\\\\p{C}\\\\p{Zl}\\\\p{Zp}\\\\x{034F}\\\\x{115F}\\\\x{1160}\\\\x{2800}\\\\x{3164}\\\\x{FFA0}]')",message="must be one line of visible text without control, zero-width or text-direction characters, and without spaces at its ends"
	RecordedBy string `json:"recordedBy,omitempty"`

	// document says where the evidence is: an address, or the number of a document.
	// +required
	Document Note `json:"document,omitempty"`

	// sha256 is the SHA-256 digest of the document, as 64 lower-case hexadecimal digits.
	// +required
	// +kubebuilder:validation:MinLength=64
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:XValidation:rule="self.matches('^[0-9a-f]{64}$')",message="must be a SHA-256 digest: 64 lower-case hexadecimal digits"
	SHA256 string `json:"sha256,omitempty"`

	// receivedOn is the day on which the document came.
	// +required
	ReceivedOn Date `json:"receivedOn,omitempty"`

	// channel is the way on which it came: Form, SignedDocument or Mail.
	// +required
	Channel EvidenceChannel `json:"channel,omitempty"`
}
