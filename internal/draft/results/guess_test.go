package results

import (
	"slices"
	"strings"
	"testing"

	"jointplan.dev/jointplan/internal/table"
)

func TestGuess(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want []string // lines of the mapping
	}{
		"a row for each month": {
			"Partner;Month;Revenue\nacme;2026-07-31;46.000,00\nbolt;2026-07-31;7,50\n",
			[]string{`    column: "Partner"`, `    column: "Month"`, `  - column: "Revenue"`, "    metric: new-revenue", "    currency: EUR"},
		},
		"a column for each month": {
			"Partner;Jul 2026;Aug 2026;Total\nacme;46.000,00;48.500,00;94.500,00\nbolt;1,50;;1,50\n",
			[]string{"    headers: true", "    format: MMM YYYY", "  - metric: new-revenue", `  ignore: ["Total"]`},
		},
		"transactions, with a sum below": {
			"Order No,Reseller,Closed,Value,Currency\n1,acme,07/31/2026,1.50,EUR\n2,bolt,08/02/2026,3.25,EUR\nTotal,,,4.75,\n",
			[]string{`    column: "Reseller"`, "    format: MM/DD/YYYY", "    per: Month", "    metric: new-revenue", `    currencyColumn: "Currency"`, `  key: ["Order No"]`, `  - {column: "Order No", values: ["Total"]}`},
		},
		"a row for each metric": {
			"Partner,Month,KPI,Figure\nacme,2026-07-31,qualified-leads,3\nacme,2026-07-31,retention,81.5\n",
			[]string{`  - column: "Figure"`, `    metricColumn: "KPI"`},
		},
		"three digits after a comma": {
			"Partner;Month;Revenue\nacme;2026-07-31;46,000\nbolt;2026-07-31;7,500.25\n", []string{"    decimalMark: Point"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			source, err := table.NewCSV(strings.NewReader(tc.text), table.Text{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := Guess(NewDirectory(world()), source, "guessed")
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(got, "\n")
			for _, line := range tc.want {
				if !slices.Contains(lines, line) {
					t.Errorf("no line %q in\n%s", line, got)
				}
			}
		})
	}
}

func TestWhatCannotBeGuessed(t *testing.T) {
	for text, want := range map[string]string{
		"1,2\n3,4\n":              "there is no row that looks like a header: give each column a name in the first row",
		"Partner,Month,Revenue\n": "there is no row below the header",
		"Customer,Month,Revenue\nzeta,2026-07-31,1\n": `no column has the names of partners, plans or campaigns that are known; the header has "Customer", "Month", "Revenue". ` +
			"Name the objects in the file as they are called, or write the mapping by hand with subject.names",
	} {
		source, err := table.NewCSV(strings.NewReader(text), table.Text{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Guess(NewDirectory(world()), source, "guessed"); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
