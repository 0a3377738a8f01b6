package facts_test

import (
	"testing"

	"jointplan.dev/jointplan/internal/rules/money/facts"
)

func TestAMemoComputesEachKeyOnce(t *testing.T) {
	var memo facts.Memo[string, int]
	computed := 0
	compute := func() int { computed++; return 0 }
	for _, key := range []string{"a", "b", "a", "b"} {
		memo.Get(key, compute)
	}
	if computed != 2 {
		t.Errorf("two keys were computed %d times", computed)
	}
}
