package v1alpha1

// BenefitCarryOver says until when what is left of a benefit can be used.
//
// +kubebuilder:validation:Enum=None;Year
type BenefitCarryOver string

const (
	// CarryOverNone means that what is left at the end of a period expires with it.
	CarryOverNone BenefitCarryOver = "None"
	// CarryOverYear means that what is left at the end of a period can be used through the last day of its fiscal year.
	CarryOverYear BenefitCarryOver = "Year"
)

// ProgramBenefit is an entry of the program's catalogue of benefits: what the vendor gives partners besides money.
type ProgramBenefit struct {
	// name is how tiers, plans and the vendor's capacity refer to the benefit, such as se-days.
	// +required
	Name Name `json:"name,omitempty"`

	// title is the benefit's name for people, such as "Sales engineer on site".
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=48
	Title string `json:"title,omitempty"`

	// unit says what a quantity counts, such as "days". Absent means that the name says it.
	// +optional
	Unit Word `json:"unit,omitempty"`

	// metric is the metric of the catalogue by which its use is measured: of behaviour Flow and unit Count or Days, reported about the partner. Absent
	// means that nobody measures it.
	// +optional
	Metric Name `json:"metric,omitempty"`

	// carryOver says until when what is left at the end of a period can be used: None or Year. Absent means None: it expires with the period.
	// +optional
	CarryOver BenefitCarryOver `json:"carryOver,omitempty"`
}

// BenefitRequest asks for some of a benefit of the tier, for a goal or an activity of the plan.
//
// +kubebuilder:validation:XValidation:rule="has(self.goal) != has(self.activity)",message="give either goal or activity: what the benefit is for"
type BenefitRequest struct {
	// name is the request's name within the plan. Requests are served in the order of their names.
	// +required
	Name Name `json:"name,omitempty"`

	// benefit is an entry of the program's catalogue of benefits, such as se-days.
	// +required
	Benefit Name `json:"benefit,omitempty"`

	// quantity is how much of it is asked for in the plan's period, in the benefit's unit.
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-') && self.matches('[1-9]')",message="must be above zero"
	Quantity Decimal `json:"quantity,omitempty"`

	// goal is the goal of the plan that it is for.
	// +optional
	Goal Name `json:"goal,omitempty"`

	// activity is the activity of the plan that it is for.
	// +optional
	Activity Name `json:"activity,omitempty"`
}

// BenefitStatus is what a partner has of a benefit in a period.
type BenefitStatus struct {
	// name is the benefit, as the program's catalogue has it.
	// +required
	Name Name `json:"name,omitempty"`

	// unit says what the quantities count.
	// +optional
	Unit Word `json:"unit,omitempty"`

	// period is the period for people, such as "FY2027 H1": that of a plan, but for the days that an earlier plan's period has. Without a plan it is the
	// interval in which one is owed.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	Period string `json:"period,omitempty"`

	// entitled is what the tier that was held on the first day of the period entitles to in it: of the quantity of the year the share of the days, counted
	// from the first day of the fiscal year and rounded down to halves, so that the periods of a year make its quantity.
	// +required
	Entitled Decimal `json:"entitled,omitempty"`

	// aligned is the part of entitled that plans can ask for: the share of the weight of their goals that serves an initiative in force, rounded down to
	// halves. Zero without a plan.
	// +required
	Aligned Decimal `json:"aligned,omitempty"`

	// asked is what plans ask for, approved or not, in the benefit's unit.
	// +required
	Asked Decimal `json:"asked,omitempty"`

	// granted is what approved plans ask for, in the order of their approval, up to aligned, in the benefit's unit.
	// +required
	Granted Decimal `json:"granted,omitempty"`

	// used is what was used of it by what is measured, in the benefit's unit. Absent when the benefit has no metric.
	// +optional
	Used Decimal `json:"used,omitempty"`

	// left is what is granted and not used, in the benefit's unit; zero when more was used.
	// +required
	Left Decimal `json:"left,omitempty"`

	// useThrough is the last day on which what is left can be used: then it expires.
	// +required
	UseThrough Date `json:"useThrough,omitempty"`
}

// PlanBenefit is what a plan asks for, and has, of a benefit.
type PlanBenefit struct {
	// benefit is the benefit, as the program's catalogue has it.
	// +required
	Benefit Name `json:"benefit,omitempty"`

	// entitled is what the tier entitles to in the plan's period, without the days of an earlier plan's.
	// +required
	Entitled Decimal `json:"entitled,omitempty"`

	// aligned is the part of it that the plan can ask for: the share of the weight of its goals that serves an initiative in force. Plans for the same
	// period share it.
	// +required
	Aligned Decimal `json:"aligned,omitempty"`

	// asked is what the plan asks for, in the benefit's unit.
	// +required
	Asked Decimal `json:"asked,omitempty"`

	// granted is what it is granted, in the benefit's unit: nothing before it is approved.
	// +required
	Granted Decimal `json:"granted,omitempty"`
}

// UnlockKind is the kind of what a plan opens.
//
// +kubebuilder:validation:Enum=MDF;Rate;Benefit;Reward
type UnlockKind string

const (
	// UnlockMDF is money from a budget.
	UnlockMDF UnlockKind = "MDF"
	// UnlockRate is the share of the cost of activities that the vendor pays.
	UnlockRate UnlockKind = "Rate"
	// UnlockBenefit is some of a benefit.
	UnlockBenefit UnlockKind = "Benefit"
	// UnlockReward is a reward.
	UnlockReward UnlockKind = "Reward"
)

// UnlockState says whether what a plan opens is open.
//
// +kubebuilder:validation:Enum=Open;Locked
type UnlockState string

const (
	// UnlockOpen means that it can be used now.
	UnlockOpen UnlockState = "Open"
	// UnlockLocked means that somebody has to do something first.
	UnlockLocked UnlockState = "Locked"
)

// PlanUnlock is something that the plan opens for the partner, and by which step. It is about the partner alone: what others leave of a shared budget is
// not known here.
type PlanUnlock struct {
	// kind is MDF, Rate, Benefit or Reward.
	// +required
	Kind UnlockKind `json:"kind,omitempty"`

	// what says what it is, such as "MDF from budget northwind-fy27".
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=96
	What string `json:"what,omitempty"`

	// amount is how much money it is at most, in currency. Absent where it is none, and where no limit of the partner's own says.
	// +optional
	Amount Decimal `json:"amount,omitempty"`

	// currency is that of amount.
	// +optional
	Currency CurrencyCode `json:"currency,omitempty"`

	// quantity is how much of a benefit it is, in its unit.
	// +optional
	Quantity Decimal `json:"quantity,omitempty"`

	// percent is the share of the cost that is paid.
	// +optional
	Percent Percent `json:"percent,omitempty"`

	// state is Open or Locked.
	// +required
	State UnlockState `json:"state,omitempty"`

	// by is the step that opens it. Absent when it is open.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=96
	By string `json:"by,omitempty"`

	// through is the last day of that step; of what is open the last day on which it can be used. Absent when there is none, and when the step is late.
	// +optional
	Through Date `json:"through,omitempty"`
}
