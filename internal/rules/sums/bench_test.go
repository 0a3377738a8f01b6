package sums_test

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/channelmanager"
	"jointplan.dev/jointplan/internal/rules/sums"
	"jointplan.dev/jointplan/internal/testobj"
)

// many is the number of partners of a large program, each with a plan.
const many = 10_000

// manyPartners are those of a large program, of 20 regions, 50 channel managers and 100 distributors.
func manyPartners() []sums.Evaluated {
	random := rand.New(rand.NewPCG(16, 16))
	money := func() v1alpha1.Decimal {
		return v1alpha1.Decimal(fmt.Sprintf("%d.%02d", random.IntN(1_000_000), random.IntN(100)))
	}
	all := make([]sums.Evaluated, many)
	for i := range all {
		name := fmt.Sprintf("p%05d", i)
		p := &v1alpha1.Partner{ObjectMeta: metav1.ObjectMeta{Namespace: "partner-" + name, Name: name}}
		p.Spec.ProgramRef.Name = "northwind"
		p.Spec.Type = "Reseller"
		p.Spec.Region = v1alpha1.Name(fmt.Sprint("region-", i%20))
		p.Spec.Territories, p.Spec.Segments = []v1alpha1.Name{"north"}, []v1alpha1.Name{"schools"}
		p.Spec.ManagerRef = &v1alpha1.ManagerReference{Name: v1alpha1.Name(fmt.Sprintf("cam-%03d", i%50))}
		p.Status.EffectiveTier = "gold"
		if i < 100 {
			p.Spec.Type = v1alpha1.PartnerDistributor
		} else {
			p.Status.Ancestors = []string{fmt.Sprintf("partner-p%05[1]d/p%05[1]d", i%100)}
		}
		plan := &v1alpha1.JointPlan{ObjectMeta: metav1.ObjectMeta{Namespace: p.Namespace, Name: name + "-h1"}}
		plan.Spec.PartnerRef.Name = v1alpha1.Name(name)
		plan.Spec.TargetAccounts = []v1alpha1.TargetAccount{{Name: v1alpha1.Title(fmt.Sprint("Account ", i))}}
		span := spans[i%2]
		plan.Status.Period, plan.Status.PlanOfRecord, plan.Status.Stage = &span, &v1alpha1.PlanOfRecord{Name: "r"}, v1alpha1.StageActive
		plan.Status.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionOnTrack, Reason: "OnTrack"}}
		for j, metric := range []v1alpha1.Name{"new-revenue", "qualified-leads"} {
			plan.Status.Goals = append(plan.Status.Goals, v1alpha1.GoalStatus{
				Name: v1alpha1.Name(fmt.Sprint("goal-", j)), Metric: metric, Target: money(), Actual: money(), Forecast: money(), Due: span.Through,
				Initiatives: []v1alpha1.Name{[]v1alpha1.Name{"cloud-migration", "security"}[i%2]},
			})
		}
		request := testobj.Allocation(name+"-money").On(v1alpha1.Name(plan.Name), "fy27").Obj()
		request.Namespace = p.Namespace
		granted := &v1alpha1.Money{Amount: money(), Currency: "EUR"}
		request.Status.Granted, request.Status.Reserved = granted, granted
		all[i] = sums.Evaluated{Partner: p, Plans: []*v1alpha1.JointPlan{plan}, Requests: []*v1alpha1.MDFAllocation{request}}
	}
	return all
}

// largeProgram is a program of many partners, which are added up.
func largeProgram(b *testing.B) (in sums.Settings, strategy *v1alpha1.ChannelStrategy, partners []sums.Evaluated, all *sums.Sums) {
	b.Helper()
	in, strategy = settings()
	strategy.Spec.Managers = &v1alpha1.ManagerPolicy{}
	partners, all = manyPartners(), sums.New()
	for _, p := range partners {
		contribution, _ := sums.Of(in, p, now)
		all.Set(contribution)
	}
	return in, strategy, partners, all
}

// cpu reports how long the processor works for an operation, which does not depend on what else it has to do; call what it returns at the end.
func cpu(b *testing.B) (end func()) {
	b.Helper()
	b.ReportAllocs()
	used := func() int64 {
		var usage syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
			b.Fatal(err)
		}
		return usage.Utime.Nano() + usage.Stime.Nano()
	}
	before := used()
	return func() { b.ReportMetric(float64(used()-before)/float64(b.N), "cpu-ns/op") }
}

// BenchmarkChange is what the change of one partner of many costs.
func BenchmarkChange(b *testing.B) {
	in, _, partners, all := largeProgram(b)
	defer cpu(b)()
	i := 0
	for b.Loop() {
		contribution, _ := sums.Of(in, partners[i%many], now)
		all.Set(contribution)
		i++
	}
}

// BenchmarkReading is what one reading of the sums costs, which there is every ten seconds at most: the figures of all reports.
func BenchmarkReading(b *testing.B) {
	in, strategy, _, all := largeProgram(b)
	existing := all.Evaluate(in, strategy, nil, now).Reports
	defer cpu(b)()
	for b.Loop() {
		all.Evaluate(in, strategy, existing, now)
	}
}

// BenchmarkEvidence is what the evidence about all channel managers costs, which is brought up to date with each reading.
func BenchmarkEvidence(b *testing.B) {
	in, strategy, _, all := largeProgram(b)
	defer cpu(b)()
	for b.Loop() {
		for i := range 50 {
			name := fmt.Sprintf("cam-%03d", i)
			manager := &v1alpha1.ChannelManager{ObjectMeta: metav1.ObjectMeta{Name: name}}
			manager.Spec.ProgramRef.Name = "northwind"
			channelmanager.Evaluate(&channelmanager.Input{
				Manager: manager, Program: in.Program, Policy: strategy.Spec.Managers, Sums: all.Manager(v1alpha1.Name(name)), Now: now,
			})
		}
	}
}
