package snapshot_test

import (
	"fmt"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// BenchmarkGather gathers a partner with 1,500 claims of 32 costs each.
func BenchmarkGather(b *testing.B) {
	all := twoPartners()
	for i := range 1500 {
		claim := aClaim(fmt.Sprintf("acme-claim-%d", i), "acme-request")
		for j := range 32 {
			claim.Spec.Costs = append(claim.Spec.Costs, v1alpha1.ClaimedCost{Invoice: v1alpha1.Word(fmt.Sprintf("INV-%d-%d", i, j))})
		}
		all.Add(claim)
	}
	memory := snapshot.NewMemory(all)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := snapshot.Gather(memory, all.Claims[0], snapshot.Everything); err != nil {
			b.Fatal(err)
		}
	}
}
