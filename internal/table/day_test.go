package table

import (
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

func TestReadDay(t *testing.T) {
	berlin := fiscal.MustNew(v1alpha1.Calendar{TimeZone: "Europe/Berlin"})
	const (
		unclear = "can be read in more than one way: set day.format in the mapping, such as DD/MM/YYYY or MM/DD/YYYY"
		noDay   = "is not a day such as 2026-10-31: set day.format in the mapping to how days are written"
	)
	for name, tc := range map[string]struct {
		text, format, want string
		cell               Cell
	}{
		"ISO":                         {text: "2026-10-31", want: "2026-10-31"},
		"spaces around":               {text: " 2026-10-31 ", want: "2026-10-31"},
		"dots":                        {text: "3.10.2026", want: "2026-10-03"},
		"slashes":                     {text: "03/04/2026", want: unclear},
		"slashes that can be one":     {text: "31/10/2026", want: unclear},
		"dashes":                      {text: "03-04-2026", want: unclear},
		"slashes, day first":          {text: "03/04/2026", format: "DD/MM/YYYY", want: "2026-04-03"},
		"slashes, month first":        {text: "03/04/2026", format: "MM/DD/YYYY", want: "2026-03-04"},
		"slashes, short":              {text: "3/4/26", format: "M/D/YY", want: "2026-03-04"},
		"another format":              {text: "2026-10-31", format: "DD.MM.YYYY", want: "is not written as DD.MM.YYYY"},
		"no such day":                 {text: "31.02.2026", want: "is not a day of the calendar"},
		"no such month":               {text: "13/13/2026", format: "DD/MM/YYYY", want: "is not a day of the calendar"},
		"a time":                      {text: "2026-10-31 23:30:00", want: "2026-10-31"},
		"an instant, a day later":     {text: "2026-10-31T23:30:00Z", want: "2026-11-01"},
		"an instant of a database":    {text: "2026-10-31 22:30:00.123+00", want: "2026-10-31"},
		"an instant with a distance":  {text: "2026-11-01T00:30:00+0200", want: "2026-10-31"},
		"no such time":                {text: "2026-10-31T25:30:00Z", want: "is not an instant such as 2026-10-31T23:30:00Z"},
		"a month":                     {text: "2026-02", format: "YYYY-MM", want: "2026-02-28"},
		"a month without a format":    {text: "2026-02", want: noDay},
		"a month in one word":         {text: "202602", format: "YYYYMM", want: "2026-02-28"},
		"a name":                      {text: "Feb 2028", format: "MMM YYYY", want: "2028-02-29"},
		"a long name":                 {text: "february 2026", format: "MMM YYYY", want: "2026-02-28"},
		"a name with a point":         {text: "Okt. 2026", format: "MMM YYYY", want: "2026-10-31"},
		"a German name":               {text: "März 2026", format: "MMM YYYY", want: "2026-03-31"},
		"a French name":               {text: "août 2026", format: "MMM YYYY", want: "2026-08-31"},
		"a Spanish name":              {text: "mayo 2026", format: "MMM YYYY", want: "2026-05-31"},
		"an Italian name":             {text: "giugno 2026", format: "MMM YYYY", want: "2026-06-30"},
		"no name":                     {text: "Foo 2026", format: "MMM YYYY", want: `"Foo" is not the name of a month`},
		"a quarter":                   {text: "2026-Q3", format: "YYYY-QQ", want: "2026-09-30"},
		"a quarter in small letters":  {text: "q3 2026", format: "QQ YYYY", want: "2026-09-30"},
		"a year long ago":             {text: "01.01.1900", want: "is not a day of the years 1970 to 2200"},
		"a word":                      {text: "yesterday", want: noDay},
		"nothing":                     {text: " ", want: "there is no day"},
		"a date of a workbook":        {cell: Cell{Text: "2026-10-31", Stored: true, Day: true}, want: "2026-10-31"},
		"a date of a workbook, month": {cell: Cell{Text: "2026-10-01", Stored: true, Day: true}, format: "MMM YYYY", want: "2026-10-31"},
		"a number of a workbook":      {cell: Cell{Text: "46326", Stored: true}, want: "is a number, not a day: format the cell as a date, or set day.format in the mapping, such as YYYYMMDD"},
		"a number that is a day":      {cell: Cell{Text: "20261031", Stored: true}, format: "YYYYMMDD", want: "2026-10-31"},
	} {
		t.Run(name, func(t *testing.T) {
			var format *Format
			if tc.format != "" {
				var err error
				if format, err = NewFormat(tc.format); err != nil {
					t.Fatal(err)
				}
			}
			if tc.cell.Text == "" {
				tc.cell.Text = tc.text
			}
			day, err := ReadDay(tc.cell, format, berlin)
			got := day.String()
			if err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestFormats(t *testing.T) {
	for text, want := range map[string]string{
		"DD.MM.YYYY": "", "M/D/YY": "", "YYYYMM": "", "MMM YYYY": "", "YYYY-QQ": "", "QYYYY": "",
		"DD.MM":      `"DD.MM" is not a format of days: it has no year (YYYY or YY)`,
		"YYYY":       `"YYYY" is not a format of days: it needs a month (MM, M or MMM), or else a quarter (Q)`,
		"DD.YYYY":    `"DD.YYYY" is not a format of days: it needs a month (MM, M or MMM), or else a quarter (Q)`,
		"MM/MM/YYYY": `"MM/MM/YYYY" is not a format of days: it has the month twice`,
		"dd.mm.yyyy": `"dd.mm.yyyy" is not a format of days: "d" has no meaning; write YYYY, YY, MM, M, DD, D, MMM and Q with what stands between them, such as DD.MM.YYYY`,
		"Q MM YYYY":  `"Q MM YYYY" is not a format of days: it needs a month (MM, M or MMM), or else a quarter (Q)`,
	} {
		_, err := NewFormat(text)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
