package gitops

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	appv1 "github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
)

const (
	// enoughChanges is how many changes of status each kind of comparison has to bear.
	enoughChanges = 300
	// step is by how much the operator's clock goes on at a time: what a week changes is more than a few statuses.
	step = 9 * 24 * time.Hour
	// exports is how often results come in at each step.
	exports = 2
)

// driftFrom is where the operator's clock is: it goes on only, since a ledger remembers.
var driftFrom = func() time.Time {
	instant, err := time.Parse(time.RFC3339, samplesClock)
	if err != nil {
		panic(err)
	}
	return instant
}()

// hundredsOfStatusChangesAreNoDrift lets time pass, and results come in that Git does not hold, and has Argo CD compare everything all the while:
// no Application is ever out of sync, and nothing is delivered again.
func hundredsOfStatusChangesAreNoDrift(t *testing.T) {
	for _, comparison := range []struct {
		name, options string
		byServer      bool
	}{
		{"compared by the client", "", false},
		{"compared by the server", "ServerSideDiff=true", true},
	} {
		t.Run(comparison.name, func(t *testing.T) {
			begin(t)
			compareBy(t, comparison.options)
			createFeed(t)
			r, asked := record(t), dryRuns(t)
			rounds := 0
			for seen := 0; seen < enoughChanges; seen, _ = r.count() {
				rounds++
				driftFrom = driftFrom.Add(step)
				if err := here.restartManager(driftFrom.Format(time.RFC3339)); err != nil {
					t.Fatal(err)
				}
				for range exports {
					before, _ := r.count()
					feed(t, before+2)
					r.awaitChanges(t, before+len(partners))
					compareAll(t)
				}
				r.check(t)
				if t.Failed() {
					return
				}
			}
			compareAll(t)
			r.end()
			r.check(t)
			if asked = dryRuns(t) - asked; (asked > 0) != comparison.byServer {
				t.Errorf("Argo CD asked the API server %d times for what an object would become", asked)
			}
			t.Logf("%d changes of status in %d rounds, seen through %d states of %d Applications", r.changes, rounds, r.states, len(r.began))
		})
	}
}

// compareBy sets how Argo CD compares the objects of all Applications, and waits until it has done so.
func compareBy(t *testing.T, options string) {
	t.Helper()
	setCompareOptions(t, options)
	for _, name := range applications() {
		awaitApplication(t, name, func(app *appv1.Application) string {
			if app.Annotations["argocd.argoproj.io/compare-options"] != options {
				return "it has other compare options"
			}
			return ""
		})
	}
	compareAll(t)
}

// compareAll makes Argo CD compare all Applications, all at once, and waits until it has.
func compareAll(t *testing.T) {
	t.Helper()
	for _, name := range applications() {
		annotate(t, application(name), appv1.AnnotationKeyRefresh, string(appv1.RefreshTypeNormal))
	}
	for _, name := range applications() {
		awaitCompared(t, name)
	}
}

// dryRuns returns how often Argo CD has asked the API server what one of our objects would become, by the audit log: so it compares by the server.
func dryRuns(t *testing.T) int {
	t.Helper()
	file, err := os.Open(filepath.Join(filepath.Dir(os.Getenv(planeVariable)), "audit.log"))
	if err != nil {
		t.Fatalf("%v: start the plane with --audit", err)
	}
	defer file.Close()
	count := 0
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		line := lines.Text()
		if strings.Contains(line, "/apis/channel.jointplan.dev/") && strings.Contains(line, "dryRun=All") && strings.Contains(line, "argocd") {
			count++
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return count
}

// createFeed creates results that Git does not hold: what a CRM exports.
func createFeed(t *testing.T) {
	t.Helper()
	for _, partner := range partners {
		if _, err := here.kubectl(fmt.Sprintf(`apiVersion: channel.jointplan.dev/v1alpha1
kind: MeasurementSet
metadata: {name: feed, namespace: partner-%[1]s}
spec:
  subjectRef: {kind: Partner, name: %[1]s}
  source: feed
  entries:
  - {metric: new-users, day: "2026-11-01", value: "1"}
`, partner), "apply", "-f", "-"); err != nil {
			t.Fatal(err)
		}
	}
}

// feed exports another value for each partner. So at least that many statuses change, and with them those of all that is judged by it.
func feed(t *testing.T, value int) {
	t.Helper()
	for _, partner := range partners {
		patch(t, ours("measurementsets", "partner-"+partner, "feed"), fmt.Sprintf(
			`{"spec":{"entries":[{"metric":"new-users","day":%q,"value":"%d"}]}}`, driftFrom.Format(time.DateOnly), value))
	}
}
