package verdict_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/internal/verdict"
)

func TestTextsSayEachReasonOnce(t *testing.T) {
	chain := []verdict.Clause[int]{
		{Reason: "TooSmall", Asks: "it is above zero"}, {Reason: "Odd", Asks: "it is even"}, {Reason: "TooSmall", Asks: "it is above ten"},
	}
	want := []verdict.RuleText{{Reason: "TooSmall", Asks: "it is above zero"}, {Reason: "Odd", Asks: "it is even"}}
	if diff := cmp.Diff(want, verdict.Texts(chain)); diff != "" {
		t.Errorf("Texts() (-want +got):\n%s", diff)
	}
}
