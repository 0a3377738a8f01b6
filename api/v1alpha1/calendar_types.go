package v1alpha1

// YearNaming says which calendar year gives a fiscal year its name.
//
// +kubebuilder:validation:Enum=Start;End
type YearNaming string

const (
	// NamedByStart names a fiscal year by the calendar year in which it starts.
	NamedByStart YearNaming = "Start"
	// NamedByEnd names a fiscal year by the calendar year in which it ends.
	NamedByEnd YearNaming = "End"
)

// Weekday is a day of the week by its English name.
//
// +kubebuilder:validation:Enum=Monday;Tuesday;Wednesday;Thursday;Friday;Saturday;Sunday
type Weekday string

// WeekPattern divides a fiscal quarter of 13 weeks into three months.
//
// +kubebuilder:validation:Enum=FourFourFive;FourFiveFour;FiveFourFour
type WeekPattern string

const (
	// Pattern445 makes fiscal months of 4, 4 and 5 weeks.
	Pattern445 WeekPattern = "FourFourFive"
	// Pattern454 makes fiscal months of 4, 5 and 4 weeks.
	Pattern454 WeekPattern = "FourFiveFour"
	// Pattern544 makes fiscal months of 5, 4 and 4 weeks.
	Pattern544 WeekPattern = "FiveFourFour"
)

// WeekYearEnd says which week ends a fiscal year of 52 or 53 weeks.
//
// +kubebuilder:validation:Enum=LastInMonth;NearestMonthEnd
type WeekYearEnd string

const (
	// EndsLastInMonth ends the year on the last such weekday of the month before the month of fiscalYearStart.
	EndsLastInMonth WeekYearEnd = "LastInMonth"
	// EndsNearestMonthEnd ends the year on the such weekday that is nearest to the end of that month.
	EndsNearestMonthEnd WeekYearEnd = "NearestMonthEnd"
)

// WeekYear makes fiscal years of 52 or 53 whole weeks. A 53rd week belongs to the last month of the year.
type WeekYear struct {
	// endsOn is the weekday on which each fiscal year ends: Monday, Tuesday, Wednesday, Thursday, Friday, Saturday or Sunday.
	// +required
	EndsOn Weekday `json:"endsOn,omitempty"`

	// rule is LastInMonth (the last such weekday of the month before the month of fiscalYearStart) or NearestMonthEnd
	// (the such weekday nearest to the end of that month, which may fall into the next one).
	// +required
	Rule WeekYearEnd `json:"rule,omitempty"`

	// pattern divides each quarter into months of weeks: FourFourFive, FourFiveFour or FiveFourFour. Absent means FourFourFive.
	// +optional
	Pattern WeekPattern `json:"pattern,omitempty"`
}

// Calendar is the fiscal calendar of a program: it turns fiscal periods into days and days into instants.
//
// +kubebuilder:validation:XValidation:rule="!has(self.weekYear) || !has(self.fiscalYearStart) || self.fiscalYearStart.endsWith('-01')",message="a year of weeks starts near a month's first day: fiscalYearStart must end in -01 when weekYear is given"
type Calendar struct {
	// timeZone is the IANA name of the zone in which all days of the program are meant, such as Europe/Berlin or UTC.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:XValidation:rule="self.matches('^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$') && self != 'Local'",message="must be the IANA name of a time zone, such as Europe/Berlin or UTC"
	TimeZone string `json:"timeZone,omitempty"`

	// fiscalYearStart is the month and day on which fiscal years start, such as "07-01". 02-29 means the last day of
	// February. Absent means "01-01".
	// +optional
	// +kubebuilder:validation:MinLength=5
	// +kubebuilder:validation:MaxLength=5
	// +kubebuilder:validation:XValidation:rule="self.matches('^((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))$')",message="must be a month and a day of it, such as 07-01"
	FiscalYearStart string `json:"fiscalYearStart,omitempty"`

	// fiscalYearNamedBy says which calendar year names a fiscal year: Start (the one it starts in) or End (the one it
	// ends in: July 2026 to June 2027 is 2027). Absent means End.
	// +optional
	FiscalYearNamedBy YearNaming `json:"fiscalYearNamedBy,omitempty"`

	// weekYear makes fiscal years of 52 or 53 whole weeks instead of 12 calendar months.
	// +optional
	WeekYear *WeekYear `json:"weekYear,omitempty"`

	// weekend lists the weekdays that are not business days, of Monday, Tuesday, Wednesday, Thursday, Friday, Saturday and Sunday: at most 6, each
	// once. Absent means Saturday and Sunday.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=6
	Weekend []Weekday `json:"weekend,omitempty"`

	// holidays lists the days that are not business days besides weekends. At most 400, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=400
	Holidays []Date `json:"holidays,omitempty"`
}
