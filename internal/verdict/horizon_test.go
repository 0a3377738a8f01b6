package verdict_test

import (
	"testing"
	"time"

	"jointplan.dev/jointplan/internal/verdict"
)

func TestHorizonIsTheEarliestInstantAfterNow(t *testing.T) {
	at := func(hours int) time.Time { return now.Add(time.Duration(hours) * time.Hour) }
	for name, tc := range map[string]struct {
		noted []time.Time
		want  time.Time
	}{
		"nothing":               {nil, time.Time{}},
		"the earliest":          {[]time.Time{at(3), at(1), at(2)}, at(1)},
		"not now":               {[]time.Time{now, at(2)}, at(2)},
		"not the past":          {[]time.Time{at(-1), at(2)}, at(2)},
		"not the zero time":     {[]time.Time{{}, at(2)}, at(2)},
		"a nanosecond from now": {[]time.Time{at(2), now.Add(1)}, now.Add(1)},
		"only the past":         {[]time.Time{at(-1), {}}, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			h := verdict.NewHorizon(now)
			for _, instant := range tc.noted {
				h.At(instant)
			}
			if got := h.Next(); !got.Equal(tc.want) {
				t.Errorf("Next() = %s, want %s", got, tc.want)
			}
		})
	}
}
