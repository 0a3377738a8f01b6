package results

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/table"
)

// book is a workbook with a sheet Results that has a header.
type book struct {
	*testing.T
	*excelize.File
}

func newBook(t *testing.T) *book {
	t.Helper()
	b := &book{t, excelize.NewFile()}
	b.must(b.SetSheetName("Sheet1", "Results"))
	b.row(1, "Partner", "Month", "Revenue")
	return b
}

func (b *book) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *book) row(number int, cells ...any) {
	b.Helper()
	name, err := excelize.CoordinatesToCellName(1, number)
	b.must(err)
	b.must(b.SetSheetRow("Results", name, &cells))
}

// style shows a cell by a format of numbers.
func (b *book) style(cell, format string) {
	b.Helper()
	style, err := b.NewStyle(&excelize.Style{CustomNumFmt: &format})
	b.must(err)
	b.must(b.SetCellStyle("Results", cell, cell, style))
}

func TestDirtyWorkbooks(t *testing.T) {
	day := time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC)
	const a = "acme new-revenue 2026-09-30 "
	for name, tc := range map[string]struct {
		fill    func(b *book)
		change  func(spec *importsv1alpha1.ResultsMappingSpec)
		bytes   func(data []byte) []byte
		want    []string
		message string // of what is rejected, or the error
	}{
		"clean":            {fill: func(b *book) { b.row(2, "acme", day, 1234.5) }, want: []string{a + "1234.5"}},
		"dates as text":    {fill: func(b *book) { b.row(2, "acme", "30.09.2026", 12) }, want: []string{a + "12"}},
		"numbers as text":  {fill: func(b *book) { b.row(2, "acme", day, "1.234,50") }, want: []string{a + "1234.5"}},
		"binary fractions": {fill: func(b *book) { b.row(2, "acme", day, 162000.00000000003) }, want: []string{a + "162000"}},
		"a thousand, which text would leave open": {fill: func(b *book) { b.row(2, "acme", day, 1.234) }, want: []string{a + "1.234"}},
		"a number for a day": {
			fill: func(b *book) { b.row(2, "acme", 46295, 12) }, want: []string{"rejected cell B2"},
			message: "is a number, not a day: format the cell as a date, or set day.format in the mapping, such as YYYYMMDD",
		},
		"dates of 1904": {
			fill: func(b *book) {
				b.must(b.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: new(true)}))
				b.row(2, "acme", 46295-1462, 12)
				b.style("B2", "dd.mm.yyyy")
			},
			want: []string{a + "12"},
		},
		"a format of its own for dates": {
			fill: func(b *book) { b.row(2, "acme", 46295, 12); b.style("B2", `[$-407]mmmm\ yy`) }, want: []string{a + "12"},
		},
		"another currency in the format": {
			fill: func(b *book) { b.row(2, "acme", day, 12); b.style("C2", `[$$-409]#,##0.00`) }, want: []string{"rejected cell C2"},
			message: "is in $, and the mapping or the column of the currency says EUR: correct the one that is wrong",
		},
		"the right currency in the format": {fill: func(b *book) { b.row(2, "acme", day, 12); b.style("C2", `#,##0.00\ "€"`) }, want: []string{a + "12"}},
		"percent in the format": {
			fill: func(b *book) { b.row(2, "acme", day, 0.885); b.style("C2", "0.0%") },
			change: func(spec *importsv1alpha1.ResultsMappingSpec) {
				spec.Values[0].Metric, spec.Values[0].Currency = "retention", ""
			},
			want: []string{"acme retention 2026-09-30 88.5"},
		},
		"a formula with its result": {
			fill: func(b *book) { b.row(2, "acme", day, 12); b.must(b.SetCellFormula("Results", "C2", "6*2")) }, want: []string{a + "12"},
		},
		"a formula that was never calculated": {
			fill: func(b *book) { b.row(2, "acme", day); b.must(b.SetCellFormula("Results", "C2", "6*2")) }, want: []string{"rejected cell C2"},
			message: "has a formula without a result: open the workbook in a spreadsheet program, let it calculate, and save it",
		},
		"merged names": {
			fill: func(b *book) {
				b.row(2, "acme", day, 12)
				b.row(3, "", day.AddDate(0, 0, -30), 13)
				b.must(b.MergeCell("Results", "A2", "A3"))
			},
			want:    []string{"rejected cell A2", "rejected cell A3"},
			message: "belongs to the merged cells A2:A3: unmerge them and write the value into each row to which it belongs",
		},
		"merged values": {
			fill: func(b *book) {
				b.row(2, "acme", day, 12)
				b.row(3, "bolt", day, "")
				b.must(b.MergeCell("Results", "C2", "C3"))
			},
			want:    []string{"rejected cell C2", "rejected cell C3"},
			message: "belongs to the merged cells C2:C3: unmerge them and write the value into each row to which it belongs",
		},
		"a merged title above": {
			fill: func(b *book) {
				b.row(1, "Results of September")
				b.must(b.MergeCell("Results", "A1", "C1"))
				b.row(2, "Partner", "Month", "Revenue")
				b.row(3, "acme", day, 12)
			},
			want: []string{a + "12"},
		},
		"a check box": {fill: func(b *book) { b.row(2, "acme", day, true) }, want: []string{"rejected cell C2"}, message: "is true or false, not text, a number or a day"},
		"a gap between rows": {
			fill: func(b *book) { b.row(2, "acme", day, 12); b.row(9, "bolt", day, 13) }, want: []string{a + "12", "bolt new-revenue 2026-09-30 13", "left out 6"},
			message: "left out: the row is empty",
		},
		"two sheets": {
			fill: func(b *book) { _, err := b.NewSheet("Notes"); b.must(err) }, want: []string{`error: the workbook has the sheets "Results", "Notes": name one`},
		},
		"two sheets, one of them hidden": {
			fill: func(b *book) {
				_, err := b.NewSheet("Notes")
				b.must(err)
				b.must(b.SetSheetVisible("Notes", false))
				b.row(2, "acme", day, 12)
			},
			want: []string{a + "12"},
		},
		"a sheet by its name": {
			fill:   func(b *book) { _, err := b.NewSheet("Notes"); b.must(err); b.row(2, "acme", day, 12) },
			change: func(spec *importsv1alpha1.ResultsMappingSpec) { spec.File = &importsv1alpha1.File{Sheet: "results"} },
			want:   []string{a + "12"},
		},
		"no such sheet": {
			fill:   func(b *book) { b.row(2, "acme", day, 12) },
			change: func(spec *importsv1alpha1.ResultsMappingSpec) { spec.File = &importsv1alpha1.File{Sheet: "Result"} },
			want:   []string{`error: the workbook has no sheet "Result", but "Results"`},
		},
		"a protected sheet, which can be read": {
			fill: func(b *book) {
				b.row(2, "acme", day, 12)
				b.must(b.ProtectSheet("Results", &excelize.SheetProtectionOptions{Password: "secret"}))
			},
			want: []string{a + "12"},
		},
		"a password": {
			fill: func(b *book) { b.row(2, "acme", day, 12) },
			bytes: func(data []byte) []byte {
				encrypted, err := excelize.Encrypt(data, &excelize.Options{Password: "secret"})
				if err != nil {
					panic(err)
				}
				return encrypted
			},
			want: []string{"error: a password closes"},
		},
		"cut off": {
			fill: func(b *book) { b.row(2, "acme", day, 12) }, bytes: func(data []byte) []byte { return data[:len(data)/2] },
			want: []string{"error: cannot be read as a workbook (.xlsx)"},
		},
		"another archive": {
			fill: func(*book) {}, bytes: func([]byte) []byte { return []byte("PK\x03\x04 and then something else") }, want: []string{"error: cannot be read as a workbook (.xlsx)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t)
			tc.fill(b)
			var data bytes.Buffer
			b.must(b.Write(&data))
			content := data.Bytes()
			if tc.bytes != nil {
				content = tc.bytes(content)
			}
			spec := &importsv1alpha1.ResultsMappingSpec{
				Source: "crm", Subject: importsv1alpha1.SubjectColumn{Kind: v1alpha1.SubjectPartner, Column: "Partner"},
				Day: importsv1alpha1.DayColumn{Column: "Month"}, Values: []importsv1alpha1.ValueColumn{{Column: "Revenue", Metric: "new-revenue", Currency: "EUR"}},
			}
			if tc.change != nil {
				tc.change(spec)
			}
			if !table.IsWorkbook(content) {
				t.Fatal("it is not seen to be a workbook")
			}
			sheet := ""
			if spec.File != nil {
				sheet = spec.File.Sheet
			}
			source, err := table.NewWorkbook(bytes.NewReader(content), sheet)
			var outcome *Outcome
			if err == nil {
				outcome, err = Import(NewDirectory(world()), spec, source, Options{At: now})
			}
			got := tell(outcome, err)
			compare(t, tc.want, got)
			if tc.message == "" {
				if err == nil && len(got.messages) > 0 {
					t.Errorf("got %q", got.messages)
				}
				return
			}
			for _, message := range got.messages {
				if _, said, found := strings.Cut(message, `": `); found {
					message = said
				}
				if diff := cmp.Diff(tc.message, message); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
}
