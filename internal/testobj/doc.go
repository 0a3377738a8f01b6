// Package testobj builds API objects for tests: a program, a partner, plans, decisions, campaigns, measurements, and the kinds of
// money, each with what most tests need, to be changed by the methods of their builders.
package testobj

import (
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// Namespace is the namespace of all objects that have one.
const Namespace = "partner-acme"

// At reads an instant such as "2026-08-12T10:00:00+02:00". It panics on any other text.
func At(text string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		panic(err)
	}
	return at
}

// Snapshot indexes programs and the objects of one namespace. It panics on an object of another kind.
func Snapshot(objects ...any) *snapshot.Snapshot {
	programs := map[v1alpha1.Name]*program.Program{}
	var all snapshot.Objects
	for _, object := range objects {
		switch x := object.(type) {
		case *v1alpha1.PartnerProgram:
			programs[v1alpha1.Name(x.Name)] = program.Compile(x.Name, &x.Spec)
		case *v1alpha1.Partner:
			all.Partners = append(all.Partners, x)
		case *v1alpha1.JointPlan:
			all.Plans = append(all.Plans, x)
		case *v1alpha1.Campaign:
			all.Campaigns = append(all.Campaigns, x)
		case *v1alpha1.MeasurementSet:
			all.Measurements = append(all.Measurements, x)
		case *v1alpha1.ApprovalDecision:
			all.Decisions = append(all.Decisions, x)
		case *v1alpha1.PlanRevision:
			all.Revisions = append(all.Revisions, x)
		case *v1alpha1.MDFAllocation:
			all.Allocations = append(all.Allocations, x)
		case *v1alpha1.MDFClaim:
			all.Claims = append(all.Claims, x)
		case *v1alpha1.MDFBudget:
			all.Budgets = append(all.Budgets, x)
		case *v1alpha1.MDFLedger:
			all.Ledgers = append(all.Ledgers, x)
		default:
			panic(fmt.Sprintf("testobj: no place for a %T", object))
		}
	}
	return snapshot.New(Namespace, programs, all)
}

func meta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: Namespace, Generation: 1}
}
