package gitops

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	appv1 "github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	gocmp "github.com/google/go-cmp/cmp"
)

// healthTable is the health of every object of the samples, as Argo CD shows it.
const healthTable = "testdata/health.txt"

// theSamplesAreSynced waits until the health of every object is that of the table, and checks that all is synced and each health explained.
func theSamplesAreSynced(t *testing.T) {
	begin(t)
	if *update {
		awaitQuiet(t)
		if err := writeFile(healthTable, []byte(tableOfHealth(t, nil))); err != nil {
			t.Fatal(err)
		}
	}
	want := readText(t, healthTable)
	if err := eventually(func() error {
		if diff := gocmp.Diff(strings.Split(want, "\n"), strings.Split(tableOfHealth(t, nil), "\n")); diff != "" {
			return fmt.Errorf("the health is not that of %s (-want +got); if it is right, go test -update writes it:\n%s", healthTable, diff)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	tableOfHealth(t, func(app string, one appv1.ResourceStatus) {
		if one.Status != appv1.SyncStatusCodeSynced {
			t.Errorf("%s: %s %s/%s is %s", app, one.Kind, one.Namespace, one.Name, one.Status)
		}
		if one.Group != "channel.jointplan.dev" {
			return // a namespace has no health
		}
		if one.Health.Message == "" {
			t.Errorf("%s: %s %s/%s is %s without a message", app, one.Kind, one.Namespace, one.Name, one.Health.Status)
		}
		t.Logf("%s %s/%s is %s: %s", one.Kind, one.Namespace, one.Name, one.Health.Status, one.Health.Message)
	})
}

// tableOfHealth returns the health of all objects and Applications, sorted, and calls a function with each object.
func tableOfHealth(t *testing.T, each func(app string, one appv1.ResourceStatus)) string {
	t.Helper()
	var lines []string
	for _, name := range applications() {
		app := decode(t, read(t, application(name)))
		for _, one := range app.Status.Resources {
			if each != nil {
				each(name, one)
			}
			if one.Group == "channel.jointplan.dev" {
				found := "Unknown"
				if one.Health != nil {
					found = string(one.Health.Status)
				}
				lines = append(lines, fmt.Sprintf("%-16s %-50s %s", one.Kind, strings.TrimPrefix(one.Namespace+"/"+one.Name, "/"), found))
			}
		}
		lines = append(lines, fmt.Sprintf("%-16s %-50s %s", "Application", name, app.Status.Health.Status))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// awaitQuiet waits until nothing has changed in the health of the samples for a while.
func awaitQuiet(t *testing.T) {
	t.Helper()
	const quiet = 15 * time.Second
	last, since := "", time.Now()
	if err := eventually(func() error {
		if now := tableOfHealth(t, nil); now != last {
			last, since = now, time.Now()
		}
		if time.Since(since) < quiet {
			return fmt.Errorf("the health changed %s ago", time.Since(since))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
