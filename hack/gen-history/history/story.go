package history

// half is a fiscal half-year of the story.
type half struct {
	Name            string // as it stands in the names of plans
	Year            int
	Part            string
	Through         string // the last day
	Submitted       string // the day on which the partners submit their plans
	Starts, Ends    string // of the webinars
	CostOn          string // when they are paid
	ResultsOn       string // through which leads of the webinars are known
	Deals           string // when their opportunities and first deals are known
	Review          string // the day of the review between the quarters
	ReviewRecorded  string
	Reconciled      string // the day of the reconciliation; empty while the half runs
	CommitmentDue   string
	CommitmentDone  string
	FirstQuarterEnd string
}

// halves are two half-years that are over, and the one that runs.
var halves = []half{
	{
		Name: "2026-h1", Year: 2026, Part: "H1", Through: "2026-06-30", Submitted: "2025-12-02", Starts: "2026-02-16", Ends: "2026-03-02", CostOn: "2026-03-31",
		ResultsOn: "2026-06-30", Deals: "2026-05-29", Review: "2026-04-01", Reconciled: "2026-07-14", CommitmentDue: "2026-02-13", CommitmentDone: "2026-02-06",
		FirstQuarterEnd: "2026-03-31",
	},
	{
		Name: "2026-h2", Year: 2026, Part: "H2", Through: "2026-12-31", Submitted: "2026-06-08", Starts: "2026-08-19", Ends: "2026-09-02", CostOn: "2026-09-30",
		ResultsOn: "2026-12-31", Deals: "2026-11-30", Review: "2026-10-01", Reconciled: "2027-01-14", CommitmentDue: "2026-08-14", CommitmentDone: "2026-08-11",
		FirstQuarterEnd: "2026-09-30",
	},
	{
		Name: "2027-h1", Year: 2027, Part: "H1", Through: "2027-06-30", Submitted: "2026-12-07", Starts: "2027-02-16", Ends: "2027-03-02", CostOn: "2027-03-31",
		ResultsOn: "2027-03-31", Deals: "2027-03-31", Review: "2027-04-01", CommitmentDue: "2027-02-12", CommitmentDone: "2027-02-10", FirstQuarterEnd: "2027-03-31",
	},
}

// firstYear is the year in whose July the first partners joined.
const firstYear = 2025

// plan is what a partner plans for a half-year, and what comes of it. Amounts are in EUR, or in thousands where it says so.
type plan struct {
	Baseline    int // revenue of the half before, in thousands
	Growth      int // in percent, on top
	LeadsTarget int
	Days        int // from the submission to the vendor's approval

	Cost      int // of the webinars
	FirstLead int // how many days after their first day
	Early     int // leads on that day
	Leads     int // in all
	Expected  int // leads that were expected of the webinars
	Chances   int // opportunities
	Won       int // revenue of the webinars, in thousands

	Account     string // a target account; empty when there is none
	ReviewedOn  string // the review, when that is not on its due day; "-" when there is none yet
	MissedBlame string // what stood in the way, in the reconciliation
}

// partner is a partner of the story.
type partner struct {
	Name, Title, Type    string
	Parent               string
	Children             []string
	Tier, Joined         string
	Manager              string // the pseudonym
	Vendor, VendorUser   string // who of the vendor looks after it
	Person, User         string // whose plans they are
	Territories, Segment string
	Segments             string
	Initiatives          string
	Shares               string // how the revenue goal is divided among initiatives
	Practices            string
	Engineers            []string
	Topic                string
	Story                string // a sentence for the head of its plans
	Quarters             [7]int // revenue of the middle month of each quarter since July 2025, in thousands; the other months are one less and one more
	Plans                []plan // by half
	Funding              string // the name of its template of requests for money
}

const (
	automation = "automation"
	service    = "service-contracts"
)

// partners are one distributor with its three resellers, and four resellers that buy directly.
var partners = []partner{
	{
		Name: "harbor", Title: "Harbor Distribution AG", Type: "Distributor", Children: []string{"cove", "reef", "tide"}, Tier: "gold", Joined: "2025-07-01",
		Manager: "cam-021", Vendor: "Emil Sand", VendorUser: "emil.sand", Person: "Judith Graf", User: "judith.graf",
		Territories: "north, east", Segment: "industry", Segments: "industry", Initiatives: automation, Topic: "Retrofit a packing line in a week",
		Engineers: []string{"Karl Lehner", "Lea Moser", "Max Novak"},
		Story:     "What is measured for Harbor's revenue holds what its resellers report, too (resellerResults: Included), so it counts once.",
		Quarters:  [7]int{60, 66, 70, 80, 84, 92, 96},
		Plans: []plan{
			{Baseline: 400, Growth: 10, LeadsTarget: 40, Days: 18, Cost: 6000, FirstLead: 2, Early: 10, Leads: 40, Expected: 40, Chances: 10, Won: 42, Account: "Nordmilch"},
			{Baseline: 450, Growth: 15, LeadsTarget: 50, Days: 10, Cost: 6600, FirstLead: 1, Early: 15, Leads: 55, Expected: 50, Chances: 16, Won: 60, Account: "Nordmilch"},
			{Baseline: 528, Growth: 10, LeadsTarget: 55, Days: 7, Cost: 6600, FirstLead: 2, Early: 20, Leads: 38, Expected: 55, Chances: 9, Account: "Nordmilch"},
		},
	},
	{
		Name: "cove", Title: "Cove Automation GmbH", Type: "Reseller", Parent: "harbor", Tier: "silver", Joined: "2025-10-01",
		Manager: "cam-021", Vendor: "Emil Sand", VendorUser: "emil.sand", Person: "Nils Olbrich", User: "nils.olbrich",
		Territories: "north", Segment: "industry", Segments: "industry", Initiatives: automation, Topic: "The first robot in a workshop",
		Engineers: []string{"Otto Pohl", "Rita Quast"},
		Story:     "Cove buys through Harbor and names one account that Harbor names, too: no conflict.",
		Quarters:  [7]int{0, 6, 8, 10, 11, 12, 13},
		Plans: []plan{
			{Baseline: 45, Growth: 20, LeadsTarget: 20, Days: 12, Cost: 2400, FirstLead: 4, Early: 6, Leads: 20, Expected: 20, Chances: 5, Won: 9, Account: "Nordmilch"},
			{Baseline: 54, Growth: 25, LeadsTarget: 25, Days: 7, Cost: 2750, FirstLead: 3, Early: 8, Leads: 25, Expected: 25, Chances: 7, Won: 14, Account: "Nordmilch"},
			{Baseline: 69, Growth: 15, LeadsTarget: 28, Days: 4, Cost: 2800, FirstLead: 3, Early: 9, Leads: 18, Expected: 25, Chances: 4, Account: "Nordmilch"},
		},
	},
	{
		Name: "reef", Title: "Reef Steuerungen KG", Type: "Reseller", Parent: "harbor", Tier: "silver", Joined: "2025-10-01",
		Manager: "cam-021", Vendor: "Emil Sand", VendorUser: "emil.sand", Person: "Sara Thoma", User: "sara.thoma",
		Territories: "north", Segment: "industry", Segments: "industry", Initiatives: automation, Topic: "Spare parts that order themselves",
		Engineers: []string{"Udo Veit"},
		Story:     "Reef buys through Harbor.",
		Quarters:  [7]int{0, 7, 9, 9, 10, 12, 11},
		Plans: []plan{
			{
				Baseline: 50, Growth: 10, LeadsTarget: 16, Days: 14, Cost: 2700, FirstLead: 9, Early: 4, Leads: 15, Expected: 16, Chances: 3, Won: 6,
				MissedBlame: "One of two sales people left in April",
			},
			{Baseline: 54, Growth: 20, LeadsTarget: 20, Days: 8, Cost: 3400, FirstLead: 7, Early: 5, Leads: 20, Expected: 20, Chances: 5, Won: 8},
			{Baseline: 66, Growth: 15, LeadsTarget: 22, Days: 6, Cost: 3000, FirstLead: 6, Early: 6, Leads: 15, Expected: 20, Chances: 3},
		},
	},
	{
		Name: "tide", Title: "Tide Technik GmbH", Type: "Reseller", Parent: "harbor", Tier: "silver", Joined: "2025-12-01",
		Manager: "cam-021", Vendor: "Emil Sand", VendorUser: "emil.sand", Person: "Wim Ebner", User: "wim.ebner",
		Territories: "north", Segment: "industry", Segments: "industry", Initiatives: automation, Topic: "Sensors for old machines",
		Engineers: []string{"Xaver Zach"},
		Story:     "Tide buys through Harbor. Its review of October was held late, and it has no plan for the half-year that runs.",
		Quarters:  [7]int{0, 5, 7, 9, 9, 9, 7},
		Plans: []plan{
			{
				Baseline: 40, Growth: 25, LeadsTarget: 16, Days: 16, Cost: 2800, FirstLead: 14, Early: 3, Leads: 14, Expected: 16, Chances: 2, Won: 4,
				MissedBlame: "The list of invitations was old",
			},
			{
				Baseline: 48, Growth: 25, LeadsTarget: 20, Days: 9, Cost: 2850, FirstLead: 12, Early: 4, Leads: 15, Expected: 20, Chances: 3, Won: 6,
				ReviewedOn: "2026-10-21", MissedBlame: "Nobody followed up on the leads in September",
			},
		},
	},
	{
		Name: "alder", Title: "Alder Robotics GmbH", Type: "Reseller", Tier: "silver", Joined: "2025-07-01",
		Manager: "cam-022", Vendor: "Nora Lind", VendorUser: "nora.lind", Person: "Anna Bauer", User: "anna.bauer",
		Territories: "north", Segment: "industry", Segments: "industry", Initiatives: automation, Topic: "A robot cell for 30 parts a day", Practices: "Named",
		Engineers: []string{"Bernd Czerny", "Dora Egger"}, Funding: "claimed",
		Story:    "Alder rose to gold in 2027. It shares its best campaigns by name, and plans for an account that Cedar plans for, too.",
		Quarters: [7]int{20, 24, 26, 30, 34, 44, 48},
		Plans: []plan{
			{Baseline: 150, Growth: 10, LeadsTarget: 30, Days: 14, Cost: 3000, FirstLead: 1, Early: 12, Leads: 30, Expected: 30, Chances: 12, Won: 38},
			{Baseline: 168, Growth: 30, LeadsTarget: 40, Days: 8, Cost: 3600, FirstLead: 1, Early: 14, Leads: 40, Expected: 35, Chances: 17, Won: 52},
			{Baseline: 234, Growth: 20, LeadsTarget: 44, Days: 5, Cost: 4000, FirstLead: 1, Early: 16, Leads: 34, Expected: 40, Chances: 13, Account: "Kestrel Foods"},
		},
	},
	{
		Name: "birch", Title: "Birch Gebäudetechnik GmbH", Type: "Reseller", Tier: "silver", Joined: "2025-12-01",
		Manager: "cam-022", Vendor: "Nora Lind", VendorUser: "nora.lind", Person: "Felix Gruber", User: "felix.gruber",
		Territories: "south", Segment: "public", Segments: "public", Initiatives: service, Topic: "Ten years of service for town halls",
		Engineers: []string{"Hans Ilk"}, Funding: "undecided",
		Story:    "Birch asks for 60 percent more in the half-year that runs: more than three in four others reached.",
		Quarters: [7]int{0, 9, 10, 12, 13, 14, 14},
		Plans: []plan{
			{Baseline: 60, Growth: 10, LeadsTarget: 25, Days: 10, Cost: 3500, FirstLead: 5, Early: 8, Leads: 25, Expected: 25, Chances: 8, Won: 15},
			{Baseline: 66, Growth: 20, LeadsTarget: 30, Days: 5, Cost: 4200, FirstLead: 4, Early: 9, Leads: 30, Expected: 30, Chances: 9, Won: 18},
			{Baseline: 81, Growth: 60, LeadsTarget: 33, Days: 9, Cost: 4200, FirstLead: 4, Early: 10, Leads: 21, Expected: 30, Chances: 5},
		},
	},
	{
		Name: "cedar", Title: "Cedar Systems GmbH", Type: "Reseller", Tier: "gold", Joined: "2025-07-01",
		Manager: "cam-022", Vendor: "Nora Lind", VendorUser: "nora.lind", Person: "Jana Kofler", User: "jana.kofler",
		Territories: "south", Segment: "industry", Segments: "industry", Initiatives: automation + ", " + service,
		Shares: "{initiative: automation, percent: 60}, {initiative: service-contracts, percent: 40}", Topic: "Automate first and repair less",
		Engineers: []string{"Lukas Mair", "Mona Nagl"}, Funding: "unclaimed",
		Story:    "Cedar's revenue goal serves two initiatives, and says how it is divided (initiativeShares).",
		Quarters: [7]int{40, 44, 45, 50, 52, 56, 58},
		Plans: []plan{
			{Baseline: 250, Growth: 12, LeadsTarget: 32, Days: 16, Cost: 4800, FirstLead: 3, Early: 9, Leads: 30, Expected: 32, Chances: 9, Won: 40},
			{Baseline: 285, Growth: 12, LeadsTarget: 40, Days: 9, Cost: 5200, FirstLead: 2, Early: 11, Leads: 40, Expected: 40, Chances: 12, Won: 46},
			{Baseline: 324, Growth: 10, LeadsTarget: 44, Days: 6, Cost: 5200, FirstLead: 2, Early: 12, Leads: 28, Expected: 40, Chances: 7, Account: "KESTREL FOODS"},
		},
	},
	{
		Name: "larch", Title: "Larch Leittechnik AG", Type: "Reseller", Tier: "gold", Joined: "2025-10-01",
		Manager: "cam-022", Vendor: "Nora Lind", VendorUser: "nora.lind", Person: "Oskar Prantl", User: "oskar.prantl",
		Territories: "north", Segment: "public", Segments: "public", Initiatives: service, Topic: "Water works without night shifts",
		Engineers: []string{"Rosa Steiner", "Theo Unger"},
		Story:     "Larch fell short twice, and its review of April is not held yet.",
		Quarters:  [7]int{0, 36, 38, 42, 42, 40, 30},
		Plans: []plan{
			{
				Baseline: 220, Growth: 15, LeadsTarget: 24, Days: 20, Cost: 4400, FirstLead: 8, Early: 5, Leads: 20, Expected: 24, Chances: 4, Won: 20,
				MissedBlame: "Tenders were put off to the autumn",
			},
			{
				Baseline: 240, Growth: 10, LeadsTarget: 25, Days: 12, Cost: 4600, FirstLead: 8, Early: 5, Leads: 20, Expected: 25, Chances: 5, Won: 24,
				MissedBlame: "Two towns cut their budgets",
			},
			{Baseline: 246, Growth: 10, LeadsTarget: 22, Days: 8, Cost: 4400, FirstLead: 10, Early: 4, Leads: 9, Expected: 22, Chances: 1, ReviewedOn: "-"},
		},
	},
}
