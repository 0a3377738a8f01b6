package argocd

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	healthof "jointplan.dev/jointplan/internal/model/health"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

var update = flag.Bool("update", false, "write the golden file")

// TestHealthOfTheSamples holds how each sample stands at instants of half a year: each object with the days on which it changes. What
// Argo CD and the plugin say is generated from one table, so a slip in it shows nowhere else.
func TestHealthOfTheSamples(t *testing.T) {
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	world, lines, last := preview.New(set), map[string]string{}, map[string]string{}
	var order []string
	for _, day := range []string{"2026-09-30", "2026-10-20", "2026-11-03", "2026-12-08", "2027-01-15", "2027-04-01"} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range world.At(at) {
			name, stands := manifest.KeyOf(x).String(), healthof.Of(x)
			if _, known := lines[name]; !known {
				order = append(order, name)
			}
			if now := strings.TrimSpace(string(stands.State) + " " + stands.Reason); now != last[name] {
				lines[name] += fmt.Sprintf("  %s %s\n", day, now)
				last[name] = now
			}
		}
	}
	var got strings.Builder
	for _, name := range order {
		got.WriteString(name + "\n" + lines[name])
	}
	const golden = "testdata/samples.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("run go test ./test/argocd -update if that is meant (-want +got):\n%s", diff)
	}
}
