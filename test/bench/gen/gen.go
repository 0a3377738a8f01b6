// Package gen generates the objects that the benchmark works on: partners of one program, in namespaces of their own or in one, most of them small, some
// larger, few large, with plans, decisions, revisions, campaigns and measurements. The same settings give the same objects.
package gen

import (
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/plan"
)

// Label is the label by which the samples' program allows a namespace.
const Label = "example.com/partner-program"

// Clock is the instant at which the generated plans are in the middle of their period: five reviews are held, one is in grace.
const Clock = "2026-11-03T09:00:00Z"

// OverdueAt is the instant from which each running plan's review is overdue: the end of its grace in the program's zone.
const OverdueAt = "2026-11-07T23:00:00Z"

// Settings say what is generated.
type Settings struct {
	// Seed makes the objects the same each time.
	Seed uint64
	// Objects is how many objects with a status there are, the program included.
	Objects int
	// Plans, if it is not zero, is the number of partners of one running plan each and nothing more, instead of the spread of sizes.
	Plans int
	// Partners, if it is not zero, is the number of partners of one running plan with one campaign each, instead of the spread of sizes.
	Partners int
	// Together puts all partners into one namespace, as small vendors do, instead of a namespace each.
	Together bool
}

// World is what was generated, in an order in which it can be created.
type World struct {
	// Namespaces are the partners' namespaces.
	Namespaces []*corev1.Namespace
	// Program is the program that all partners belong to.
	Program *v1alpha1.PartnerProgram
	// Partners are all partners.
	Partners []*v1alpha1.Partner
	// Plans are all plans.
	Plans []*v1alpha1.JointPlan
	// Revisions keep the approved plans.
	Revisions []*v1alpha1.PlanRevision
	// Reviews are the records of the plans' reviews.
	Reviews []*v1alpha1.PlanReview
	// Decisions approve plans.
	Decisions []*v1alpha1.ApprovalDecision
	// Campaigns are all campaigns.
	Campaigns []*v1alpha1.Campaign
	// Sets are all measurement sets.
	Sets []*v1alpha1.MeasurementSet
}

// size is how large a partner is.
type size struct {
	share     int // of 100 partners
	plans     int
	campaigns int // of each plan
	goals     int
}

// sizes are those of real programs: most partners do little, a few do much.
var sizes = []size{
	{share: 80, plans: 1, campaigns: 2, goals: 3},
	{share: 15, plans: 2, campaigns: 4, goals: 4},
	{share: 5, plans: 3, campaigns: 12, goals: 6},
}

// periods are those of a partner's plans: the running one first, then the closed one, then the one to come, which is a draft.
var periods = []v1alpha1.Period{
	{FiscalYear: new(int32(2027)), Part: v1alpha1.PartH1},
	{FiscalYear: new(int32(2026)), Part: v1alpha1.PartH2},
	{FiscalYear: new(int32(2027)), Part: v1alpha1.PartH2},
}

// generator holds what is generated so far.
type generator struct {
	*World

	random   *rand.Rand
	together bool
}

// Northwind reads the program of the samples, from the root of the repository.
func Northwind() (*v1alpha1.PartnerProgram, error) {
	raw, err := os.ReadFile("config/samples/programs/northwind.yaml")
	if err != nil {
		return nil, fmt.Errorf("%w: run it from the root of the repository", err)
	}
	p := &v1alpha1.PartnerProgram{}
	return p, yaml.UnmarshalStrict(raw, p)
}

// Generate generates a world under a program.
func Generate(under *v1alpha1.PartnerProgram, s Settings) *World {
	g := &generator{World: &World{Program: under.DeepCopy()}, random: rand.New(rand.NewPCG(s.Seed, 1)), together: s.Together}
	if s.Plans > 0 || s.Partners > 0 {
		for i := range s.Plans {
			g.partner(i, size{plans: 1, goals: 3})
		}
		for i := range s.Partners {
			g.partner(s.Plans+i, size{plans: 1, campaigns: 1, goals: 3})
		}
		return g.World
	}
	for i := 0; ; i++ {
		next := g.draw(i)
		if g.count()+next.objects() > s.Objects {
			break
		}
		g.partner(i, next)
	}
	for i := 0; g.count() < s.Objects && len(g.Plans) > 0; i++ { // what is left are more campaigns of the partners that there are
		of := g.Plans[i%len(g.Plans)]
		g.campaign(of, len(g.Campaigns))
	}
	return g.World
}

// draw returns the size of the next partner. The first is large and the second of middle size, so that every world has each.
func (g *generator) draw(i int) size {
	if i < 2 {
		return sizes[2-i]
	}
	at := g.random.IntN(100)
	for _, s := range sizes {
		if at -= s.share; at < 0 {
			return s
		}
	}
	return sizes[0]
}

// objects is the number of objects of a partner of a size.
func (s size) objects() int {
	n := 2 // partner, its figures
	for i := range s.plans {
		n += 1 + s.campaigns
		if i == 0 {
			n += len(reviewed)
		}
		if i < 2 {
			n += 4 + s.campaigns // what is measured about plan and campaigns, two decisions, revision
		}
	}
	return n
}

// count is the number of objects with a status.
func (w *World) count() int {
	return 1 + len(w.Partners) + len(w.Plans) + len(w.Revisions) + len(w.Reviews) + len(w.Decisions) + len(w.Campaigns) + len(w.Sets)
}

// Objects returns all objects with a status, in an order in which they can be created.
func (w *World) Objects() []client.Object {
	list := []client.Object{w.Program}
	list = appended(list, w.Partners)
	list = appended(list, w.Plans)
	list = appended(list, w.Revisions)
	list = appended(list, w.Reviews)
	list = appended(list, w.Decisions)
	list = appended(list, w.Campaigns)
	return appended(list, w.Sets)
}

func appended[T client.Object](list []client.Object, more []T) []client.Object {
	for _, object := range more {
		list = append(list, object)
	}
	return list
}

func (g *generator) partner(i int, s size) {
	name := fmt.Sprintf("p%05d", i)
	namespace := g.namespace("partner-" + name)
	tier := v1alpha1.Name("gold")
	if i%3 == 1 {
		tier = "silver"
	}
	p := &v1alpha1.Partner{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace.Name}, Spec: v1alpha1.PartnerSpec{
		ProgramRef: v1alpha1.Reference{Name: v1alpha1.Name(g.Program.Name)}, DisplayName: v1alpha1.Title("Partner " + name), Type: "Reseller",
		Tier: &v1alpha1.HeldTier{Name: tier, Since: "2026-07-01"}, MemberSince: "2022-04-01", Region: "dach",
		Agreement:      &v1alpha1.Agreement{SignedOn: "2024-07-01", EndsOn: "2027-06-30"},
		ChannelManager: &v1alpha1.Contact{Name: v1alpha1.Title(fmt.Sprintf("Manager %02d", i%20)), Email: "manager@northwind.example"},
	}}
	for c := range 5 {
		p.Spec.Competencies = append(p.Spec.Competencies, v1alpha1.Competency{
			Name: "certified-engineer", Person: v1alpha1.Title(fmt.Sprintf("Engineer %d", c)), From: "2025-03-01", Through: "2028-02-28",
		})
	}
	g.Partners = append(g.Partners, p)
	for n := range s.plans {
		g.plan(p, n, s)
	}
	if s.campaigns > 0 {
		g.partnersOwn(p)
	}
}

// namespace returns the namespace of the next partner.
func (g *generator) namespace(name string) *corev1.Namespace {
	if g.together {
		if len(g.Namespaces) > 0 {
			return g.Namespaces[0]
		}
		name = "partners"
	}
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{Label: g.Program.Name}}}
	g.Namespaces = append(g.Namespaces, namespace)
	return namespace
}

// partnersOwn adds what is measured about a partner itself: its retention, so that its revenue is that of its plans.
func (g *generator) partnersOwn(p *v1alpha1.Partner) {
	set := g.set(p.Namespace, p.Name+"-crm", v1alpha1.SubjectPartner, p.Name)
	for _, day := range []v1alpha1.Date{"2026-03-31", "2026-06-30", "2026-09-30"} {
		set.Spec.Entries = append(set.Spec.Entries, entry("retention", day, 80+g.random.IntN(15)))
	}
}

func (g *generator) set(namespace, name string, kind v1alpha1.SubjectKind, subject string) *v1alpha1.MeasurementSet {
	set := &v1alpha1.MeasurementSet{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace}, Spec: v1alpha1.MeasurementSetSpec{
		SubjectRef: v1alpha1.SubjectReference{Kind: kind, Name: v1alpha1.Name(subject)}, Source: "crm",
	}}
	g.Sets = append(g.Sets, set)
	return set
}

func entry(metric v1alpha1.Name, day v1alpha1.Date, value int) v1alpha1.Measurement {
	return v1alpha1.Measurement{Metric: metric, Day: day, Value: v1alpha1.Decimal(fmt.Sprint(value))}
}

func (g *generator) plan(of *v1alpha1.Partner, n int, s size) {
	p := &v1alpha1.JointPlan{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("%s-%d", of.Name, n), Namespace: of.Namespace}}
	p.Spec.PartnerRef.Name = v1alpha1.Name(of.Name)
	p.Spec.Period = *periods[n].DeepCopy()
	p.Spec.Segment = "mid-market"
	p.Spec.Vision = "In two years we are the first address for moving a mid-sized company to the cloud."
	p.Spec.Goals = goals(s.goals)
	p.Spec.Strategies = []v1alpha1.Strategy{{
		Name: "contracts-that-end", Description: "Talk to every customer whose contract ends.", Initiatives: []v1alpha1.Name{"cloud-migration"},
	}}
	p.Spec.Commitments = []v1alpha1.Commitment{{
		Name: "sales-engineer", Party: v1alpha1.PartyVendor, Description: "A sales engineer on site.", Goals: []v1alpha1.Name{"revenue"},
	}}
	days := campaignDays(n)
	for c := range s.campaigns {
		p.Spec.Activities = append(p.Spec.Activities, v1alpha1.PlannedActivity{
			Name: activity(c), Type: "Webinar", Initiatives: []v1alpha1.Name{"cloud-migration"}, From: days.from, Through: days.through,
			Cost: &v1alpha1.Money{Amount: "6000.00", Currency: "EUR"},
		})
	}
	for _, day := range reviewed {
		if n > 0 {
			break
		}
		g.Reviews = append(g.Reviews, review(p, day))
	}
	g.Plans = append(g.Plans, p)
	if n < 2 {
		g.approve(p)
		set := g.set(p.Namespace, p.Name+"-crm", v1alpha1.SubjectJointPlan, p.Name)
		for _, day := range days.measured {
			set.Spec.Entries = append(set.Spec.Entries, entry("new-revenue", day, 40000+g.random.IntN(20000)))
		}
	}
	for range s.campaigns {
		c := g.campaign(p, len(g.Campaigns))
		if n == 2 {
			continue
		}
		figures := g.set(c.Namespace, c.Name+"-crm", v1alpha1.SubjectCampaign, c.Name)
		figures.Spec.Entries = []v1alpha1.Measurement{
			entry("qualified-leads", days.measured[2], 10+g.random.IntN(20)), entry("campaign-cost", days.measured[2], 4000+g.random.IntN(3000)),
		}
	}
}

// calendar are the days of the campaigns and figures of a plan.
type calendar struct {
	from, through v1alpha1.Date
	measured      [3]v1alpha1.Date
}

func campaignDays(n int) calendar {
	switch n {
	case 0:
		return calendar{"2026-08-31", "2026-09-17", [3]v1alpha1.Date{"2026-07-31", "2026-08-31", "2026-09-30"}}
	case 1:
		return calendar{"2026-03-02", "2026-03-20", [3]v1alpha1.Date{"2026-01-31", "2026-03-31", "2026-06-30"}}
	default:
		return calendar{"2027-03-01", "2027-03-19", [3]v1alpha1.Date{}}
	}
}

// goals are the first n goals: revenue that the plan's own figures measure, leads that its campaigns bring, and things to be done.
func goals(n int) []v1alpha1.Goal {
	initiatives := []v1alpha1.Name{"cloud-migration"}
	list := []v1alpha1.Goal{
		{
			Name: "revenue", Metric: "new-revenue", Owner: v1alpha1.PartyPartner, Initiatives: initiatives, Baseline: "300000",
			Target: &v1alpha1.Target{Mode: v1alpha1.TargetIncreaseByPercent, Value: "10"}, WeightPercent: "60",
		},
		{
			Name: "leads", Metric: "qualified-leads", Owner: v1alpha1.PartyPartner, Initiatives: initiatives,
			Target: &v1alpha1.Target{Mode: v1alpha1.TargetAbsolute, Value: "60"}, WeightPercent: "40",
		},
	}
	for i := len(list); i < n; i++ {
		list = append(list, v1alpha1.Goal{
			Name: v1alpha1.Name(fmt.Sprintf("engineer-%d", i)), Deliverable: "One more engineer is certified.", Owner: v1alpha1.PartyPartner,
			Initiatives: initiatives, WeightPercent: "0",
		})
	}
	return list
}

func activity(c int) v1alpha1.Name { return v1alpha1.Name(fmt.Sprintf("webinar-%d", c)) }

// reviewed are the days on which the first plan of each partner was reviewed.
var reviewed = []v1alpha1.Date{"2026-08-03", "2026-09-01", "2026-10-01"}

// review returns the vendor's record of a review of a plan, made in the afternoon of its day.
func review(of *v1alpha1.JointPlan, day v1alpha1.Date) *v1alpha1.PlanReview {
	recorded, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		panic(err)
	}
	return &v1alpha1.PlanReview{
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("%s-%s", of.Name, recorded.Format("20060102")), Namespace: of.Namespace},
		Spec: v1alpha1.PlanReviewSpec{
			PlanRef: v1alpha1.Reference{Name: v1alpha1.Name(of.Name)}, Occasion: v1alpha1.OccasionReview, Party: v1alpha1.PartyVendor,
			RecordedBy: "vera.lindqvist@northwind.example", RecordedTime: metav1.NewTime(recorded.Add(15 * time.Hour)),
			HeldOn: day, Outcome: "OnTrack", NoActionsBecause: "everything goes as planned",
			Attendees: []v1alpha1.Attendee{{Name: "Vera Lindqvist", Party: v1alpha1.PartyVendor}, {Name: "Paula Reimann", Party: v1alpha1.PartyPartner}},
		},
	}
}

// approve adds both parties' decisions and the revision that keeps what they approved.
func (g *generator) approve(p *v1alpha1.JointPlan) {
	revision := plan.Revision(&p.Spec.PlanTerms)
	at := time.Date(2025, time.December, 11, 9, 0, 0, 0, time.UTC)
	for i, by := range []struct {
		party v1alpha1.Party
		name  string
	}{{v1alpha1.PartyPartner, "paula.reimann@partner.example"}, {v1alpha1.PartyVendor, "vera.lindqvist@northwind.example"}} {
		g.Decisions = append(g.Decisions, &v1alpha1.ApprovalDecision{
			ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("%s-d%d", p.Name, i), Namespace: p.Namespace},
			Spec: v1alpha1.ApprovalDecisionSpec{
				TargetRef: v1alpha1.DecisionTargetReference{Kind: "JointPlan", Name: v1alpha1.Name(p.Name)}, Revision: revision,
				Party: by.party, Decision: v1alpha1.DecisionApproved, ApprovedBy: by.name, DecidedTime: metav1.NewTime(at.AddDate(0, 0, i)),
			},
		})
	}
	g.Revisions = append(g.Revisions, g.kept(p)...)
}

// kept returns the revision that the operator would keep of an approved plan.
func (g *generator) kept(p *v1alpha1.JointPlan) []*v1alpha1.PlanRevision {
	now, err := time.Parse(time.RFC3339, Clock)
	if err != nil {
		panic(err)
	}
	name := v1alpha1.Name(g.Program.Name)
	programs := map[v1alpha1.Name]*program.Program{name: program.Compile(g.Program.Name, &g.Program.Spec)}
	snap := snapshot.New(p.Namespace, programs, snapshot.Objects{
		Partners: g.Partners[len(g.Partners)-1:], Plans: []*v1alpha1.JointPlan{p}, Decisions: g.Decisions[len(g.Decisions)-2:],
	})
	return plan.Evaluate(snap, p, now).Keep
}

func (g *generator) campaign(of *v1alpha1.JointPlan, i int) *v1alpha1.Campaign {
	n := int(of.Name[len(of.Name)-1] - '0')
	days := campaignDays(n)
	c := &v1alpha1.Campaign{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("c%06d", i), Namespace: of.Namespace}, Spec: v1alpha1.CampaignSpec{
		PlanRef: v1alpha1.Reference{Name: v1alpha1.Name(of.Name)}, Type: "Webinar", Title: "Out of the data centre in 100 days",
		Goals:    []v1alpha1.Name{"leads", "revenue"},
		Audience: &v1alpha1.Audience{Segment: "mid-market", Description: "IT managers whose data centre contract ends within 12 months"},
		Schedule: v1alpha1.Schedule{StartsOn: days.from, EndsOn: days.through},
		Funnel: []v1alpha1.FunnelStep{
			{Metric: "attendees", Expected: "110"}, {Metric: "qualified-leads", Expected: "20"}, {Metric: "opportunities", Expected: "7"},
		},
		Cost: &v1alpha1.Money{Amount: "6000.00", Currency: "EUR"}, MDF: &v1alpha1.Money{Amount: "3000.00", Currency: "EUR"},
		MarginPercent: "28", StopRule: &v1alpha1.StopRule{Metric: "qualified-leads", MaxCostPerResult: "300"},
	}}
	if len(of.Spec.Activities) > 0 {
		c.Spec.Activity = of.Spec.Activities[i%len(of.Spec.Activities)].Name
	}
	g.Campaigns = append(g.Campaigns, c)
	return c
}
