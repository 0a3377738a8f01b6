package samples_test

import (
	"os"
	"regexp"
	"testing"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/preview"
)

var (
	// whyLine is a command of the tour that asks for the message of a request.
	whyLine = regexp.MustCompile(`(?m)^why [a-z]+ ([a-z0-9-]+)$`)
	// ledgerLine is a line of the tour that tells what changes in a ledger.
	ledgerLine = regexp.MustCompile(`(?m)^    reserved\..*$`)
)

func readTour(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestTheTourQuotesWhatRequestsSay(t *testing.T) {
	tour, requests := readTour(t), evaluated[*v1alpha1.MDFAllocation](t)
	asked := whyLine.FindAllStringSubmatch(tour, -1)
	if len(asked) == 0 {
		t.Error("the tour asks for no message of a request in the form that this test reads")
	}
	for _, one := range asked {
		x := requests[one[1]]
		if x == nil {
			t.Errorf("the tour asks for request %s, which is not in the samples", one[1])
			continue
		}
		for _, c := range x.Status.Conditions {
			if c.Type == v1alpha1.ConditionGranted && !contains(tour, "\n"+c.Message+"\n") {
				t.Errorf("the tour does not quote what request %s says:\n%s", one[1], c.Message)
			}
		}
	}
}

func TestTheTourQuotesWhatBecomesOfTheLedger(t *testing.T) {
	becomes := map[string]bool{}
	newYear := time.Date(2027, time.January, 1, 0, 0, 0, 0, time.UTC)
	err := preview.New(readSamples(t)).Timeline(t.Context(), now, newYear, func(c preview.Change) error {
		for _, f := range c.Fields {
			if c.Kind == "MDFLedger" && c.Name == "northwind-fy27" {
				from := f.From
				if from == "" {
					from = "(none)"
				}
				becomes["    "+f.Path[len("spec."):]+": "+from+" -> "+f.To] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	lines := ledgerLine.FindAllString(readTour(t), -1)
	if len(lines) == 0 {
		t.Error("the tour quotes no line of a ledger")
	}
	for _, line := range lines {
		if !becomes[line] {
			t.Errorf("the tour quotes %q, which does not happen: %v", line, becomes)
		}
	}
}
