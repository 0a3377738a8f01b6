// Package kinds is the one list of the project's kinds: what each is called, where it lives, who writes it, and which list of objects holds it.
// Gathering, live reading, preview, plugin, metrics, tests and generators read it; a new kind is a row here.
package kinds

import (
	"reflect"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// Object is an object of one of the kinds.
type Object interface {
	runtime.Object
	metav1.Object
}

// Evaluated is an object of a kind that has a status.
type Evaluated interface {
	Object
	// Common returns the part of the status that all kinds share.
	Common() *v1alpha1.CommonStatus
}

// List is what the API server returns of objects of a kind.
type List interface {
	metav1.ListInterface
	runtime.Object
}

// Names of the kinds.
const (
	PartnerProgram     = "PartnerProgram"
	ProgramCatalog     = "ProgramCatalog"
	ChannelStrategy    = "ChannelStrategy"
	ProgramReport      = "ProgramReport"
	ChannelManager     = "ChannelManager"
	Partner            = "Partner"
	JointPlan          = "JointPlan"
	Campaign           = "Campaign"
	MeasurementSet     = "MeasurementSet"
	PlanReview         = "PlanReview"
	ApprovalDecision   = "ApprovalDecision"
	PlanRevision       = "PlanRevision"
	MDFBudget          = "MDFBudget"
	MDFAllocation      = "MDFAllocation"
	MDFClaim           = "MDFClaim"
	MDFLedger          = "MDFLedger"
	Benchmark          = "Benchmark"
	PublishedBenchmark = "PublishedBenchmark"
)

// Kind is one kind.
type Kind struct {
	// Name is the kind's name, such as JointPlan.
	Name string
	// Plural is the name of its resource, such as jointplans.
	Plural string
	// Called is what people call its objects, such as plans.
	Called string
	// Nicknames are words of people for one of its objects, such as plan, besides the names that kubectl knows.
	Nicknames []string
	// Namespaced says that its objects are in namespaces; those of others are of the whole cluster.
	Namespaced bool
	// Evaluated says that its objects have a status, which a controller writes. Ledgers, catalogs and benchmarks have none.
	Evaluated bool
	// Money says that the evaluation of its objects looks at ledgers, and at the status that the object itself has.
	Money bool
	// Suspendable says that the annotation of suspension stops the evaluation of its objects.
	Suspendable bool
	// Confidential says that its objects are about a person: nothing of them goes into events, and no metric but how many there are.
	Confidential bool
	// ByPeople says that people write its objects; the others are written by the manager alone.
	ByPeople bool

	object func() Object
	list   func() List
	items  func(runtime.Object, *Objects)
	add    func(*Objects, Object) bool
	all    func(*Objects) []Object
}

// All are the kinds from the program down: what a kind names stands before it, but for budgets and their ledgers.
func All() []*Kind { return slices.Clone(table) }

var table = []*Kind{
	kind(&Kind{
		Name: PartnerProgram, Plural: "partnerprograms", Called: "partner programs", Nicknames: []string{"program"},
		Evaluated: true, Suspendable: true, ByPeople: true,
	},
		func(o *Objects) *[]*v1alpha1.PartnerProgram { return &o.Programs },
		func(l *v1alpha1.PartnerProgramList) *[]v1alpha1.PartnerProgram { return &l.Items }),
	kind(&Kind{
		Name: ProgramCatalog, Plural: "programcatalogs", Called: "catalogs", Nicknames: []string{"catalog"},
	},
		func(o *Objects) *[]*v1alpha1.ProgramCatalog { return &o.Catalogs },
		func(l *v1alpha1.ProgramCatalogList) *[]v1alpha1.ProgramCatalog { return &l.Items }),
	kind(&Kind{
		Name: ChannelStrategy, Plural: "channelstrategies", Called: "strategies", Nicknames: []string{"strategy"},
		Evaluated: true, Suspendable: true, ByPeople: true,
	},
		func(o *Objects) *[]*v1alpha1.ChannelStrategy { return &o.Strategies },
		func(l *v1alpha1.ChannelStrategyList) *[]v1alpha1.ChannelStrategy { return &l.Items }),
	kind(&Kind{
		Name: ProgramReport, Plural: "programreports", Called: "reports on programs", Nicknames: []string{"report"},
		Evaluated: true,
	},
		func(o *Objects) *[]*v1alpha1.ProgramReport { return &o.Reports },
		func(l *v1alpha1.ProgramReportList) *[]v1alpha1.ProgramReport { return &l.Items }),
	kind(&Kind{
		Name: Benchmark, Plural: "benchmarks", Called: "benchmarks",
	},
		func(o *Objects) *[]*v1alpha1.Benchmark { return &o.Benchmarks },
		func(l *v1alpha1.BenchmarkList) *[]v1alpha1.Benchmark { return &l.Items }),
	kind(&Kind{
		Name: PublishedBenchmark, Plural: "publishedbenchmarks", Called: "published benchmarks",
	},
		func(o *Objects) *[]*v1alpha1.PublishedBenchmark { return &o.Published },
		func(l *v1alpha1.PublishedBenchmarkList) *[]v1alpha1.PublishedBenchmark { return &l.Items }),
	kind(&Kind{
		Name: MDFBudget, Plural: "mdfbudgets", Called: "budgets", Nicknames: []string{"budget"},
		Evaluated: true, Money: true, Suspendable: true, ByPeople: true,
	},
		func(o *Objects) *[]*v1alpha1.MDFBudget { return &o.Budgets },
		func(l *v1alpha1.MDFBudgetList) *[]v1alpha1.MDFBudget { return &l.Items }),
	kind(&Kind{
		Name: MDFLedger, Plural: "mdfledgers", Called: "ledgers", Nicknames: []string{"ledger"},
	},
		func(o *Objects) *[]*v1alpha1.MDFLedger { return &o.Ledgers },
		func(l *v1alpha1.MDFLedgerList) *[]v1alpha1.MDFLedger { return &l.Items }),
	kind(&Kind{
		Name: ChannelManager, Plural: "channelmanagers", Called: "channel managers", Nicknames: []string{"manager"},
		Evaluated: true, Confidential: true, ByPeople: true,
	},
		func(o *Objects) *[]*v1alpha1.ChannelManager { return &o.Managers },
		func(l *v1alpha1.ChannelManagerList) *[]v1alpha1.ChannelManager { return &l.Items }),
	kind(&Kind{
		Name: Partner, Plural: "partners", Called: "partners",
		Namespaced: true, Evaluated: true, Suspendable: true, ByPeople: true,
	},
		func(o *Objects) *[]*v1alpha1.Partner { return &o.Partners },
		func(l *v1alpha1.PartnerList) *[]v1alpha1.Partner { return &l.Items }),
	kind(&Kind{
		Name: JointPlan, Plural: "jointplans", Called: "plans", Nicknames: []string{"plan"},
		Namespaced: true, Evaluated: true, Suspendable: true, ByPeople: true,
	},
		func(o *Objects) *[]*v1alpha1.JointPlan { return &o.Plans },
		func(l *v1alpha1.JointPlanList) *[]v1alpha1.JointPlan { return &l.Items }),
	kind(&Kind{
		Name: Campaign, Plural: "campaigns", Called: "campaigns",
		Namespaced: true, Evaluated: true, Suspendable: true, ByPeople: true,
	},
		func(o *Objects) *[]*v1alpha1.Campaign { return &o.Campaigns },
		func(l *v1alpha1.CampaignList) *[]v1alpha1.Campaign { return &l.Items }),
	kind(&Kind{
		Name: MeasurementSet, Plural: "measurementsets", Called: "measurement sets", Nicknames: []string{"results"},
		Namespaced: true, Evaluated: true, ByPeople: true,
	},
		func(o *Objects) *[]*v1alpha1.MeasurementSet { return &o.Measurements },
		func(l *v1alpha1.MeasurementSetList) *[]v1alpha1.MeasurementSet { return &l.Items }),
	kind(&Kind{
		Name: MDFAllocation, Plural: "mdfallocations", Called: "requests for money", Nicknames: []string{"request", "allocation"},
		Namespaced: true, Evaluated: true, Money: true, ByPeople: true,
	},
		func(o *Objects) *[]*v1alpha1.MDFAllocation { return &o.Allocations },
		func(l *v1alpha1.MDFAllocationList) *[]v1alpha1.MDFAllocation { return &l.Items }),
	kind(&Kind{
		Name: MDFClaim, Plural: "mdfclaims", Called: "claims", Nicknames: []string{"claim"},
		Namespaced: true, Evaluated: true, Money: true, ByPeople: true,
	},
		func(o *Objects) *[]*v1alpha1.MDFClaim { return &o.Claims },
		func(l *v1alpha1.MDFClaimList) *[]v1alpha1.MDFClaim { return &l.Items }),
	kind(&Kind{
		Name: PlanReview, Plural: "planreviews", Called: "records of meetings", Nicknames: []string{"review"},
		Namespaced: true, Evaluated: true, ByPeople: true,
	},
		func(o *Objects) *[]*v1alpha1.PlanReview { return &o.Reviews },
		func(l *v1alpha1.PlanReviewList) *[]v1alpha1.PlanReview { return &l.Items }),
	kind(&Kind{
		Name: ApprovalDecision, Plural: "approvaldecisions", Called: "decisions", Nicknames: []string{"decision"},
		Namespaced: true, Evaluated: true, ByPeople: true,
	},
		func(o *Objects) *[]*v1alpha1.ApprovalDecision { return &o.Decisions },
		func(l *v1alpha1.ApprovalDecisionList) *[]v1alpha1.ApprovalDecision { return &l.Items }),
	kind(&Kind{
		Name: PlanRevision, Plural: "planrevisions", Called: "revisions", Nicknames: []string{"revision"},
		Namespaced: true, Evaluated: true,
	},
		func(o *Objects) *[]*v1alpha1.PlanRevision { return &o.Revisions },
		func(l *v1alpha1.PlanRevisionList) *[]v1alpha1.PlanRevision { return &l.Items }),
}

// kind completes a row by the field of Objects that holds the objects, and by the items of the list that the API server returns.
func kind[T, L any, PT interface {
	*T
	Object
}, PL interface {
	*L
	List
}](k *Kind, field func(*Objects) *[]PT, items func(PL) *[]T) *Kind {
	k.object = func() Object { return PT(new(T)) }
	k.list = func() List { return PL(new(L)) }
	k.items = func(list runtime.Object, into *Objects) {
		typed, ok := list.(PL)
		if !ok {
			return
		}
		found, held := items(typed), field(into)
		*held = slices.Grow(*held, len(*found))
		for i := range *found {
			*held = append(*held, &(*found)[i])
		}
	}
	k.add = func(into *Objects, object Object) bool {
		typed, ok := object.(PT)
		if ok {
			held := field(into)
			*held = append(*held, typed)
		}
		return ok
	}
	k.all = func(o *Objects) []Object {
		held := *field(o)
		list := make([]Object, len(held))
		for i, x := range held {
			list[i] = x
		}
		return list
	}
	return k
}

// Named returns a kind; nil when there is none of that name.
func Named(name string) *Kind {
	for _, k := range table {
		if k.Name == name {
			return k
		}
	}
	return nil
}

// Of returns the kind of an object, by its type; nil when it is of none.
func Of(object any) *Kind {
	of := reflect.TypeOf(object)
	if of == nil || of.Kind() != reflect.Pointer {
		return nil
	}
	return Named(of.Elem().Name())
}

// Order returns the place of a kind among all, from the program down; that of a name that is none is after them.
func Order(name string) int {
	at := slices.IndexFunc(table, func(k *Kind) bool { return k.Name == name })
	if at < 0 {
		return len(table)
	}
	return at
}

// New returns an empty object of the kind.
func (k *Kind) New() Object { return k.object() }

// NewList returns an empty list of the kind, as the API server returns it.
func (k *Kind) NewList() List { return k.list() }

// AddList adds the items of a list of the kind that the API server returned. The objects are those of the list, not copies.
func (k *Kind) AddList(to *Objects, list List) { k.items(list, to) }

// Add adds an object, and reports whether it is of the kind.
func (k *Kind) Add(to *Objects, object Object) bool { return k.add(to, object) }

// In returns the objects of the kind among others.
func (k *Kind) In(o *Objects) []Object { return k.all(o) }

// Objects are objects of all kinds.
type Objects struct {
	// Programs are partner programs.
	Programs []*v1alpha1.PartnerProgram
	// Catalogs are the catalogs of programs.
	Catalogs []*v1alpha1.ProgramCatalog
	// Strategies are the channel strategies of programs.
	Strategies []*v1alpha1.ChannelStrategy
	// Reports are reports on programs.
	Reports []*v1alpha1.ProgramReport
	// Managers are channel managers.
	Managers []*v1alpha1.ChannelManager
	// Benchmarks are benchmarks in exact figures.
	Benchmarks []*v1alpha1.Benchmark
	// Published are benchmarks as partners read them.
	Published []*v1alpha1.PublishedBenchmark
	// Partners are partners.
	Partners []*v1alpha1.Partner
	// Plans are joint plans.
	Plans []*v1alpha1.JointPlan
	// Campaigns are campaigns.
	Campaigns []*v1alpha1.Campaign
	// Measurements are measurement sets.
	Measurements []*v1alpha1.MeasurementSet
	// Reviews are records of meetings about plans.
	Reviews []*v1alpha1.PlanReview
	// Decisions are approval decisions.
	Decisions []*v1alpha1.ApprovalDecision
	// Revisions are plan revisions.
	Revisions []*v1alpha1.PlanRevision
	// Budgets are budgets of market development funds.
	Budgets []*v1alpha1.MDFBudget
	// Allocations are requests for money.
	Allocations []*v1alpha1.MDFAllocation
	// Claims are claims.
	Claims []*v1alpha1.MDFClaim
	// Ledgers are the budgets' ledgers.
	Ledgers []*v1alpha1.MDFLedger
}

// Add adds an object, and reports whether it is of one of the kinds.
func (o *Objects) Add(object Object) bool {
	k := Of(object)
	return k != nil && k.add(o, object)
}

// All returns all objects, by kind from the program down, and within a kind in the order in which they were added.
func (o *Objects) All() []Object {
	var all []Object
	for _, k := range table {
		all = append(all, k.all(o)...)
	}
	return all
}

// Status returns a pointer to the status of an object; nil when its kind has none.
func Status(object Object) any {
	status := reflect.ValueOf(object).Elem().FieldByName("Status")
	if !status.IsValid() {
		return nil
	}
	return status.Addr().Interface()
}

// Common returns the part of an object's status that all kinds share, and whether its kind has a status: of one without it is an empty one.
func Common(object Object) (*v1alpha1.CommonStatus, bool) {
	judged, ok := object.(Evaluated)
	if !ok {
		return &v1alpha1.CommonStatus{}, false
	}
	return judged.Common(), true
}

// Key identifies an object.
type Key struct {
	// Kind is the kind, such as JointPlan.
	Kind string
	// Namespace is the namespace; empty for a kind of the whole cluster.
	Namespace string
	// Name is the name.
	Name string
}

// KeyOf returns the key of an object. The kind is that of its type.
func KeyOf(object Object) Key {
	key := Key{Kind: object.GetObjectKind().GroupVersionKind().Kind, Namespace: object.GetNamespace(), Name: object.GetName()}
	if k := Of(object); k != nil {
		key.Kind = k.Name
	}
	return key
}

// String is the kind and namespace/name, such as "JointPlan partner-acme/acme-h1", as far as they are known.
func (k Key) String() string {
	name := k.Name
	if k.Namespace != "" && name != "" {
		name = k.Namespace + "/" + name
	}
	return strings.TrimSpace(k.Kind + " " + name)
}
