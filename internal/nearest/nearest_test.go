package nearest_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jointplan.dev/jointplan/internal/nearest"
)

func TestName(t *testing.T) {
	metrics := []string{"new-revenue", "qualified-leads", "retention", "opportunities"}
	for name, tc := range map[string]struct {
		name       string
		candidates []string
		want       string
	}{
		"a letter too many":                   {"new-revennue", metrics, "new-revenue"},
		"a letter missing":                    {"retenton", metrics, "retention"},
		"a letter wrong":                      {"retantion", metrics, "retention"},
		"two letters swapped":                 {"qualifeid-leads", metrics, "qualified-leads"},
		"another case":                        {"Retention", metrics, "retention"},
		"singular for plural":                 {"opportunity", metrics, "opportunities"},
		"nothing near":                        {"margin", metrics, ""},
		"nothing to compare with":             {"margin", nil, ""},
		"no name":                             {"", metrics, ""},
		"a short name with one wrong of 3":    {"fy1", []string{"fy2"}, "fy2"},
		"a short name with one wrong of 2":    {"h1", []string{"h2"}, ""},
		"the name itself is not a suggestion": {"retention", []string{"retention"}, ""},
		"of equally near ones the first":      {"tier-x", []string{"tier-b", "tier-a"}, "tier-a"},
		"a name too long to be one":           {strings.Repeat("a", 254), []string{strings.Repeat("a", 253)}, ""},
		"a candidate too long to be one":      {strings.Repeat("a", 253), []string{strings.Repeat("a", 254)}, ""},
		"the longest name that is compared":   {strings.Repeat("a", 253), []string{strings.Repeat("a", 252) + "b"}, strings.Repeat("a", 252) + "b"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := nearest.Name(tc.name, tc.candidates); got != tc.want {
				t.Errorf("Name(%q) = %q, want %q", tc.name, got, tc.want)
			}
		})
	}
}

func TestNameIgnoresTheOrderOfCandidatesAndNeverSuggestsTheNameItself(t *testing.T) {
	word := rapid.StringMatching(`[a-d]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		name, candidates := word.Draw(t, "name"), rapid.SliceOfN(word, 0, 8).Draw(t, "candidates")
		got := nearest.Name(name, candidates)
		if again := nearest.Name(name, rapid.Permutation(candidates).Draw(t, "permuted")); again != got {
			t.Fatalf("Name(%q, %q) = %q, and %q in another order", name, candidates, got, again)
		}
		if got != "" && (got == name || !slices.Contains(candidates, got)) {
			t.Fatalf("Name(%q, %q) = %q", name, candidates, got)
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
			if got := nearest.Name(slip, []string{name, "0000000000000"}); got != name && slip != name {
				t.Fatalf("Name(%q) = %q, want %q", slip, got, name)
			}
		}
	})
}

func TestDistance(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "abc", 0},
		{"abc", "abd", 1},
		{"abc", "bac", 1},
		{"abc", "cba", 2},
		{"abc", "bca", 2},
		{"abcd", "badc", 2},
		{"kitten", "sitting", 3},
		{"berlin", "berlni", 1},
	} {
		if got, back := nearest.Distance(tc.a, tc.b), nearest.Distance(tc.b, tc.a); got != tc.want || back != tc.want {
			t.Errorf("Distance of %q and %q = %d and %d, want %d", tc.a, tc.b, got, back, tc.want)
		}
		for limit := range tc.want + 2 {
			want := tc.want
			if want > limit {
				want = nearest.Far
			}
			if got := nearest.Within(limit, tc.a, tc.b); got != want {
				t.Errorf("Within(%d) of %q and %q = %d, want %d", limit, tc.a, tc.b, got, want)
			}
		}
	}
}

func TestBestAndRankedKeepTheOrderOfEquals(t *testing.T) {
	all := []string{"c2", "far", "b1", "c1", "a2", "b1", "a1"}
	distance := func(candidate string) int {
		if candidate == "far" {
			return nearest.Far
		}
		return int(candidate[1] - '0')
	}
	if got, want := nearest.Best(all, distance), []string{"b1", "c1", "b1", "a1"}; !slices.Equal(got, want) {
		t.Errorf("Best = %q, want %q", got, want)
	}
	if got, want := nearest.Ranked(all, distance), []string{"b1", "c1", "b1", "a1", "c2", "a2"}; !slices.Equal(got, want) {
		t.Errorf("Ranked = %q, want %q", got, want)
	}
	for name, search := range map[string]func([]string, func(string) int) []string{"Best": nearest.Best, "Ranked": nearest.Ranked} {
		if got := search([]string{"far", "far"}, distance); len(got) != 0 {
			t.Errorf("%s = %q of what is far", name, got)
		}
	}
}
