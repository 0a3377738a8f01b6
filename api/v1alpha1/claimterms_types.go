package v1alpha1

// PostingCode is a number or code under which finance posts, such as a supplier number, a purchase order, an account or a tax code: letters, digits and
// . _ / -, at most 24 characters. Bank details do not belong here: what looks like an IBAN or the number of a card is refused.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=24
// +kubebuilder:validation:XValidation:rule="self.matches('^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$')",message="must be a code such as 100234 or PO-2026-0815: letters, digits and . _ / -, with a letter or digit at its ends"
// +kubebuilder:validation:XValidation:rule="!self.matches('(?i)^(AD|AE|AL|AT|AZ|BA|BE|BG|BH|BR|BY|CH|CR|CY|CZ|DE|DK|DO|EE|EG|ES|FI|FO|FR|GB|GE|GI|GL|GR|GT|HR|HU|IE|IL|IQ|IS|IT|JO|KW|KZ|LB|LC|LI|LT|LU|LV|LY|MC|MD|ME|MK|MN|MR|MT|MU|NI|NL|NO|OM|PK|PL|PS|PT|QA|RO|RS|RU|SA|SC|SD|SE|SI|SK|SM|SO|ST|SV|TL|TN|TR|UA|VA|VG|XK|YE)[0-9]{2}([._/-]?[A-Z0-9]){11,30}$') && !self.matches('^([0-9][._/-]?){12,}[0-9]$')",message="looks like an IBAN or the number of a card: bank details do not belong here, give the code under which finance posts"
type PostingCode string

// PostingField is a code that finance needs to post a claim.
//
// +kubebuilder:validation:Enum=SupplierNumber;PurchaseOrder;CostCentre;Account;TaxCode
type PostingField string

const (
	// PostingSupplierNumber is the supplierNumber of the Partner.
	PostingSupplierNumber PostingField = "SupplierNumber"
	// PostingPurchaseOrder is the purchaseOrder of the MDFAllocation.
	PostingPurchaseOrder PostingField = "PurchaseOrder"
	// PostingCostCentre is the costCentre of the MDFBudget.
	PostingCostCentre PostingField = "CostCentre"
	// PostingAccount is posting.account of the MDFBudget.
	PostingAccount PostingField = "Account"
	// PostingTaxCode is posting.taxCode of the MDFBudget.
	PostingTaxCode PostingField = "TaxCode"
)

// BudgetPosting says under what finance posts the claims on a budget, beside its costCentre.
type BudgetPosting struct {
	// account is the account in the ledger of the books, such as 6600-MDF. Absent means none.
	// +optional
	Account PostingCode `json:"account,omitempty"`

	// taxCode is the tax code of the posting, such as V0. Absent means none.
	// +optional
	TaxCode PostingCode `json:"taxCode,omitempty"`

	// asks lists what finance needs to post a claim: SupplierNumber, PurchaseOrder, CostCentre, Account or TaxCode. What an accepted claim lacks of it is a
	// finding. Absent means that nothing is asked for. At most 5, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=5
	Asks []PostingField `json:"asks,omitempty"`
}

// ClaimPosting is what finance needs to post an accepted claim, as far as it is known.
type ClaimPosting struct {
	// supplierNumber is that of the Partner.
	// +optional
	SupplierNumber PostingCode `json:"supplierNumber,omitempty"`

	// purchaseOrder is that of the MDFAllocation.
	// +optional
	PurchaseOrder PostingCode `json:"purchaseOrder,omitempty"`

	// costCentre is that of the MDFBudget.
	// +optional
	CostCentre Word `json:"costCentre,omitempty"`

	// account is that of the MDFBudget.
	// +optional
	Account PostingCode `json:"account,omitempty"`

	// taxCode is that of the MDFBudget.
	// +optional
	TaxCode PostingCode `json:"taxCode,omitempty"`
}

// FastLane spares requests up to an amount what larger ones need.
type FastLane struct {
	// upTo is the largest amount that a request in the fast lane may come to, in units of the budget's currency, such as "1000.00": above zero.
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-') && !self.matches('^0([.]0+)?$')",message="must be above zero"
	UpTo Decimal `json:"upTo,omitempty"`

	// proofs lists the proofs of performance that a claim in the fast lane must bring, of those that the activity asks for: Invoice, ProofOfPayment,
	// AttendeeList, Photo, Creative, Report, Screenshot or Agenda. The others are not asked for. At most 8, each once.
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	Proofs []ProofType `json:"proofs,omitempty"`
}

// Lane says by which checks a request or claim goes. Fast means those of the budget's fast lane.
//
// +kubebuilder:validation:Enum=Fast
type Lane string

// LaneFast is the fast lane of a budget: one person approves, and fewer proofs are asked for.
const LaneFast Lane = "Fast"

// ClaimCycle says how long a claim took, and in whose hands it was. It counts what is over, so that no figure changes with the days alone.
type ClaimCycle struct {
	// receivedOn is the day on which the claim was received.
	// +required
	ReceivedOn Date `json:"receivedOn,omitempty"`

	// acceptedOn is the day from which the claim is accepted. Absent while it is not.
	// +optional
	AcceptedOn Date `json:"acceptedOn,omitempty"`

	// paidOn is the day of the payment that paid it in full. Absent while it is not.
	// +optional
	PaidOn Date `json:"paidOn,omitempty"`

	// totalDays is the number of days from receivedOn to paidOn.
	// +optional
	// +kubebuilder:validation:Minimum=0
	TotalDays *int32 `json:"totalDays,omitempty"`

	// vendorDays is the number of days that the vendor had it: from each submission to the decision on it, and from the acceptance to the payment.
	// +optional
	// +kubebuilder:validation:Minimum=0
	VendorDays *int32 `json:"vendorDays,omitempty"`

	// partnerDays is the number of days that the partner had it: from the return to the next submission. Where a claim was sent back several times, only the
	// last submission is recorded: the days in between belong to neither.
	// +optional
	// +kubebuilder:validation:Minimum=0
	PartnerDays *int32 `json:"partnerDays,omitempty"`

	// with is the party that has it now: Vendor or Partner. Absent once it is paid or cannot be paid any more.
	// +optional
	With Party `json:"with,omitempty"`

	// submissions is the number of times that the partner submitted it.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Submissions *int32 `json:"submissions,omitempty"`

	// decisions is the number of decisions of the vendor on it.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Decisions *int32 `json:"decisions,omitempty"`

	// touches is the number of times that somebody acted from claim to cash: submissions, decisions and lines of payments.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Touches *int32 `json:"touches,omitempty"`
}

// InitiativeRate raises or lowers the share of the cost that the vendor pays, by the strategic importance of an activity.
type InitiativeRate struct {
	// activity is the type of activity whose rate it is about. Absent means all.
	// +optional
	Activity ActivityType `json:"activity,omitempty"`

	// initiative is the initiative, in force on the first day of the activity, that the activity of the plan must serve. Absent means activities that serve
	// none in force.
	// +optional
	Initiative Name `json:"initiative,omitempty"`

	// points is what is added to the reimbursementPercent of the activity, in percentage points, such as "10" or "-20": from -100 to 100.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=7
	// +kubebuilder:validation:XValidation:rule="self.matches('^-?([1-9][0-9]?([.][0-9]{1,2})?|0[.][0-9]{1,2}|100)$')",message="must be percentage points from -100 to 100 such as 10 or -20, and not 0"
	Points string `json:"points,omitempty"`
}

// CreativeRule says whether a type of activity needs the vendor's approval of what is shown before money is spent.
//
// +kubebuilder:validation:Enum=Approved
type CreativeRule string

// CreativeApproved means that costs count from the day on which the vendor approved the creative that the claim shows.
const CreativeApproved CreativeRule = "Approved"

// SHA256 is the SHA-256 digest of a file, as 64 lower-case hexadecimal digits.
//
// +kubebuilder:validation:MinLength=64
// +kubebuilder:validation:MaxLength=64
// +kubebuilder:validation:XValidation:rule="self.matches('^[0-9a-f]{64}$')",message="must be a SHA-256 digest: 64 lower-case hexadecimal digits"
type SHA256 string

// TargetBasis says by which text of the plan the target of a goal is meant.
//
// +kubebuilder:validation:Enum=Current;Original;AsOf
type TargetBasis string

const (
	// BasisCurrent is the plan of record.
	BasisCurrent TargetBasis = "Current"
	// BasisOriginal is the first plan of record.
	BasisOriginal TargetBasis = "Original"
	// BasisAsOf is the plan of record at the end of a day; of a plan that was approved later, the first one.
	BasisAsOf TargetBasis = "AsOf"
)

// ProofCreative is what an activity showed: an advertisement, a mailing, a banner.
const ProofCreative ProofType = "Creative"
