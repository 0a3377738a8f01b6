// Package testobj builds API objects for tests: a program, a partner, plans, decisions, campaigns, measurements, and the kinds of
// money, each with what most tests need, to be changed by the methods of their builders.
package testobj

import (
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
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

// Snapshot indexes programs and the objects of one partner. It panics on an object of another kind.
func Snapshot(objects ...any) *snapshot.Snapshot {
	programs := map[v1alpha1.Name]*program.Program{}
	var all snapshot.Objects
	for _, object := range objects {
		if x, ok := object.(*v1alpha1.PartnerProgram); ok {
			programs[v1alpha1.Name(x.Name)] = program.Compile(x.Name, &x.Spec)
			continue
		}
		if x, ok := object.(kinds.Object); !ok || !all.Add(x) {
			panic(fmt.Sprintf("testobj: no place for a %T", object))
		}
	}
	return snapshot.New(Namespace, programs, all)
}

func meta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: Namespace, Generation: 1}
}
