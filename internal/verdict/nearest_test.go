package verdict_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jointplan.dev/jointplan/internal/verdict"
)

func TestNearest(t *testing.T) {
	metrics := []string{"new-revenue", "qualified-leads", "retention", "opportunities"}
	for name, tc := range map[string]struct {
		name       string
		candidates []string
		want       string
	}{
		"a letter too many":                 {"new-revennue", metrics, "new-revenue"},
		"a letter missing":                  {"retenton", metrics, "retention"},
		"a letter wrong":                    {"retantion", metrics, "retention"},
		"two letters swapped":               {"qualifeid-leads", metrics, "qualified-leads"},
		"another case":                      {"Retention", metrics, "retention"},
		"singular for plural":               {"opportunity", metrics, "opportunities"},
		"nothing near":                      {"margin", metrics, ""},
		"nothing to compare with":           {"margin", nil, ""},
		"no name":                           {"", metrics, ""},
		"a short name with one wrong of 3":  {"fy1", []string{"fy2"}, "fy2"},
		"a short name with one wrong of 2":  {"h1", []string{"h2"}, ""},
		"the name itself is no suggestion":  {"retention", []string{"retention"}, ""},
		"of equally near ones the first":    {"tier-x", []string{"tier-b", "tier-a"}, "tier-a"},
		"a name too long to be one":         {strings.Repeat("a", 254), []string{strings.Repeat("a", 253)}, ""},
		"a candidate too long to be one":    {strings.Repeat("a", 253), []string{strings.Repeat("a", 254)}, ""},
		"the longest name that is compared": {strings.Repeat("a", 253), []string{strings.Repeat("a", 252) + "b"}, strings.Repeat("a", 252) + "b"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := verdict.Nearest(tc.name, tc.candidates); got != tc.want {
				t.Errorf("Nearest(%q) = %q, want %q", tc.name, got, tc.want)
			}
		})
	}
}

func TestNearestIgnoresTheOrderOfCandidatesAndNeverSuggestsTheNameItself(t *testing.T) {
	word := rapid.StringMatching(`[a-d]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		name, candidates := word.Draw(t, "name"), rapid.SliceOfN(word, 0, 8).Draw(t, "candidates")
		got := verdict.Nearest(name, candidates)
		if again := verdict.Nearest(name, rapid.Permutation(candidates).Draw(t, "permuted")); again != got {
			t.Fatalf("Nearest(%q, %q) = %q, and %q in another order", name, candidates, got, again)
		}
		if got != "" && (got == name || !slices.Contains(candidates, got)) {
			t.Fatalf("Nearest(%q, %q) = %q", name, candidates, got)
		}
	})
}

func TestOneSlipIsAlwaysRecognised(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z]{3,12}`).Draw(t, "name")
		at := rapid.IntRange(0, len(name)-1).Draw(t, "at")
		wrong := []string{name[:at] + name[at+1:], name[:at] + "-" + name[at:], name[:at] + "-" + name[at+1:]}
		if at > 0 {
			wrong = append(wrong, name[:at-1]+name[at:at+1]+name[at-1:at]+name[at+1:])
		}
		for _, slip := range wrong {
			if got := verdict.Nearest(slip, []string{name, "0000000000000"}); got != name && slip != name {
				t.Fatalf("Nearest(%q) = %q, want %q", slip, got, name)
			}
		}
	})
}

func TestMessagesAboutUnknownNames(t *testing.T) {
	for got, want := range map[string]string{
		verdict.NotFound("plan", "acme-h", []string{"acme-h1"}):         `plan "acme-h" not found or not permitted: did you mean "acme-h1"?`,
		verdict.NotFound("plan", "acme-h1", nil):                        `plan "acme-h1" not found or not permitted`,
		verdict.NoSuch("metric", "new-revnue", []string{"new-revenue"}): `no metric "new-revnue": did you mean "new-revenue"?`,
		verdict.NoSuch("metric", "margin", []string{"new-revenue"}):     `no metric "margin"`,
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

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
