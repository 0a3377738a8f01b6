package form_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"jointplan.dev/jointplan/internal/draft/form"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// sample returns the form of a sample as a workbook.
func sample(tb testing.TB, kind, name string) []byte {
	tb.Helper()
	set := objects(tb)
	object := preview.Find(set.Objects(), kind, "partner-acme", name)
	if object == nil {
		tb.Fatalf("no sample %s", name)
	}
	data, err := form.Write(draftOf(tb, set, object))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// edited returns a workbook after somebody had it open.
func edited(tb testing.TB, data []byte, edit func(f *excelize.File)) []byte {
	tb.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	edit(f)
	buffer, err := f.WriteToBuffer()
	if err != nil {
		tb.Fatal(err)
	}
	return buffer.Bytes()
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// styled gives a cell a format of numbers.
func styled(f *excelize.File, sheet, cell, format string) {
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	must(err)
	must(f.SetCellStyle(sheet, cell, cell, style))
}

func linesOf(problems []form.Problem) []string {
	var lines []string
	for _, problem := range problems {
		lines = append(lines, problem.Severity+" "+problem.String())
	}
	return lines
}

func TestWhatCannotBeReadIsSaidWithItsCell(t *testing.T) {
	plan := sample(t, kinds.JointPlan, "acme-fy27-h1")
	for name, tc := range map[string]struct {
		edit func(f *excelize.File)
		want []string
	}{
		"a sheet renamed": {
			func(f *excelize.File) { must(f.SetSheetName("Risks", "Risiken")) },
			[]string{`Error Risks: the sheet is missing: it is called "Risiken" now; rename it back to Risks`},
		},
		"a sheet deleted": {
			func(f *excelize.File) { must(f.DeleteSheet("SWOT")) },
			[]string{"Error SWOT: the sheet is missing: it was deleted. Copy the entries of the others into a new form"},
		},
		"a row inserted above a table": {
			func(f *excelize.File) { must(f.InsertRows("Goals", 1, 1)) },
			[]string{
				"Error Goals!A1: the hidden first row or column is not in its place: a row was inserted above, or a column before it, or it was changed. Undo that, or copy the entries into a new form",
			},
		},
		"a row inserted between fields": {
			func(f *excelize.File) {
				must(f.InsertRows("Plan", 6, 1))
				must(f.SetCellStr("Plan", "C6", "our own note"))
			},
			[]string{"Error Plan!C6: row 6 is not part of the form: a row was inserted. Move the entry to the row of its field, and delete this one"},
		},
		"a row deleted": {
			func(f *excelize.File) { must(f.RemoveRow("Plan", 9)) },
			[]string{`Error Plan!B2: the row of "Segment" was deleted: undo that, or copy the entries into a new form`},
		},
		"a column deleted": {
			func(f *excelize.File) { must(f.RemoveCol("Risks", "D")) },
			[]string{`Error Risks!B4: the column "Trigger" was deleted: undo that, or copy the entries into a new form`},
		},
		"a column copied": {
			func(f *excelize.File) { must(f.SetCellStr("Risks", "H1", "owner")) },
			[]string{"Error Risks!H4: column H is a copy of column F: delete one of them"},
		},
		"an outdated field": {
			func(f *excelize.File) { must(f.SetCellStr("Risks", "D1", "omen")) },
			[]string{
				"Error Risks!B4: the column \"Trigger\" was deleted: undo that, or copy the entries into a new form",
				"Error Risks!D4: omen is a field that this version does not know: make a new form with kubectl jointplan form, and copy the entries into it",
			},
		},
		"a formula": {
			func(f *excelize.File) { must(f.SetCellFormula("Goals", "K5", "=400*1000")) },
			[]string{"Error Goals!K5: is the formula =400*1000: write its result instead, or copy the cell and paste it as a value"},
		},
		"merged cells": {
			func(f *excelize.File) { must(f.MergeCell("Goals", "J5", "J6")) },
			[]string{
				"Error Goals!J5: belongs to the merged cells J5:J6: unmerge them, and write each entry into a cell of its own",
				"Error Goals!J6: belongs to the merged cells J5:J6: unmerge them, and write each entry into a cell of its own",
			},
		},
		"a date as text": {
			func(f *excelize.File) { must(f.SetCellStr("Goals", "O5", "31.12.2026")) },
			[]string{`Error Goals!O5: "31.12.2026" is text and not a date: write it as 2026-09-30`},
		},
		"a number for a date": {
			func(f *excelize.File) {
				styled(f, "Goals", "O5", "General")
				must(f.SetCellInt("Goals", "O5", 46387))
			},
			[]string{"Error Goals!O5: 46387 is a number and not a date: format the cell as a date, and write it as 2026-09-30"},
		},
		"a number as text with a comma": {
			func(f *excelize.File) { must(f.SetCellStr("Goals", "K5", "400,000")) },
			[]string{`Error Goals!K5: "400,000" is text, and its comma can be read in two ways: format the cell as a number, and write the number again`},
		},
		"a number with a currency": {
			func(f *excelize.File) { must(f.SetCellStr("Goals", "K5", "EUR 400000")) },
			[]string{`Error Goals!K5: "EUR 400000" is text and not a number: format the cell as a number, and write it without a currency or unit`},
		},
		"a number that a program took for a date": {
			func(f *excelize.File) {
				styled(f, "Goals", "K5", "d.m.yyyy")
				must(f.SetCellInt("Goals", "K5", 46387))
			},
			[]string{"Error Goals!K5: was taken for the date 2026-12-31: format the cell as a number, and write it again"},
		},
		"an unknown name": {
			func(f *excelize.File) { must(f.SetCellStr("Goals", "D5", "new-revenu")) },
			[]string{`Error Goals!D5: "new-revenu" is not among the metrics of program northwind: did you mean new-revenue?`},
		},
		"an unknown value": {
			func(f *excelize.File) { must(f.SetCellStr("Goals", "J5", "partner")) },
			[]string{`Error Goals!J5: "partner" is not one of the list: did you mean Partner?`},
		},
		"an unknown parent": {
			func(f *excelize.File) { must(f.SetCellStr("Goals milestones", "B5", "cloud-revenues")) },
			[]string{`Error Goals milestones!B5: "cloud-revenues" is on no row of sheet Goals: did you mean cloud-revenue?`},
		},
		"no parent": {
			func(f *excelize.File) { must(f.SetCellStr("Goals milestones", "B5", "")) },
			[]string{"Error Goals milestones!B5: is empty: name the row of sheet Goals that this belongs to"},
		},
		"something beside a table": {
			func(f *excelize.File) { must(f.SetCellStr("Risks", "K5", "ask Vera")) },
			[]string{"Warning Risks!K5: is not read: it is in none of the columns of Risks. If it belongs to the form, move it to a column with a name"},
		},
		"an empty required cell": {
			func(f *excelize.File) { must(f.SetCellStr("Commitments", "D5", "")) },
			[]string{"Error Commitments!D5: Description is empty: fill it in", "Info Plan!B2: more may be found once the errors are corrected"},
		},
		"a rule of the schema": {
			func(f *excelize.File) {
				must(f.SetCellStr("Goals", "M5", ""))
				must(f.SetCellStr("Risks", "B5", "The Risk"))
			},
			[]string{
				"Error Goals!M5: Target: value is empty: fill it in",
				"Info Plan!B2: more may be found once the errors are corrected",
			},
		},
		"a rule about one field": {
			func(f *excelize.File) { must(f.SetCellStr("Risks", "B5", "The Risk")) },
			[]string{`Error Risks!B5: Invalid value: "The Risk": must consist of lower-case letters, digits and hyphens, and begin and end with a letter or digit`},
		},
		"a rule about a row": {
			func(f *excelize.File) { must(f.SetCellStr("Goals", "K5", "")) },
			[]string{"Error Goals!K5: a relative target needs a baseline: add baseline, or use mode Absolute"},
		},
		"a name that is there twice": {
			func(f *excelize.File) { must(f.SetCellStr("Strategies", "B6", "contracts-that-end")) },
			[]string{`Error Strategies!B6: Duplicate value: {"name":"contracts-that-end"}`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			back, err := form.Read(edited(t, plan, tc.edit))
			if err != nil {
				t.Fatal(err)
			}
			if back.Errors() == 0 {
				back.Refused(refusals(t, back))
			}
			got := linesOf(back.Problems)
			slices.Sort(got)
			slices.Sort(tc.want)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// refusals returns what an API server would have against what is made of a form.
func refusals(tb testing.TB, back *form.Returned) manifest.Errors {
	tb.Helper()
	_, err := reader().Read(tb.Context(), manifest.Options{Stdin: bytes.NewReader(jsonOf(tb, back.Object(back.Form.Name)))}, "-")
	errs, _ := err.(manifest.Errors) //nolint:errorlint // it is documented to be that
	return errs
}

func TestWhatIsNotAForm(t *testing.T) {
	plan := sample(t, kinds.JointPlan, "acme-fy26-h2")
	empty := edited(t, plan, func(f *excelize.File) { must(f.DeleteSheet("JointPlan form")) })
	old := edited(t, plan, func(f *excelize.File) { must(f.SetCellStr("JointPlan form", "B1", "0")) })
	other := edited(t, plan, func(f *excelize.File) { must(f.SetCellStr("JointPlan form", "B2", "Invoice")) })
	for name, tc := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":             {nil, "is not a workbook (.xlsx): send back the form itself"},
		"a PDF":               {[]byte("%PDF-1.7 ..."), "is not a workbook (.xlsx): send back the form itself"},
		"a password":          {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..."), "is a workbook that a password closes, or one of before 2007 (.xls)"},
		"a damaged one":       {plan[:len(plan)/2], "cannot be read as a workbook (.xlsx)"},
		"one without marks":   {empty, "is not a form of kubectl jointplan: its hidden sheet is missing"},
		"an outdated one":     {old, `is a form of another version ("0", this is "1"): make a new one with kubectl jointplan form`},
		"one of another kind": {other, `is a form for "Invoice", which this version does not know`},
		"a huge one":          {append([]byte("PK\x03\x04"), make([]byte, form.MaxBytes)...), "has more than 16 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := form.Read(tc.data); err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestWhatPeopleMayDo changes a form in the ways that people and programs do, without a word being lost.
func TestWhatPeopleMayDo(t *testing.T) {
	plan := sample(t, kinds.JointPlan, "acme-fy27-h1")
	before, err := form.Read(plan)
	must(err)
	for name, tc := range map[string]struct {
		edit func(f *excelize.File)
		want func(spec map[string]any)
	}{
		"insert a row in a table":     {func(f *excelize.File) { must(f.InsertRows("Goals", 6, 2)) }, nil},
		"insert a row under the help": {func(f *excelize.File) { must(f.InsertRows("Goals", 4, 1)) }, nil},
		"insert a column":             {func(f *excelize.File) { must(f.InsertCols("Goals", "D", 1)) }, nil},
		"write a number as text":      {func(f *excelize.File) { must(f.SetCellStr("Goals", "K5", "400000")) }, nil},
		"write a day as text":         {func(f *excelize.File) { must(f.SetCellStr("Goals", "O5", "2026-12-31")) }, nil},
		"write a percentage with its sign": {func(f *excelize.File) {
			styled(f, "Goals", "P5", "0%")
			must(f.SetCellValue("Goals", "P5", 0.6))
		}, nil},
		"leave spaces at the end": {func(f *excelize.File) { must(f.SetCellStr("Goals", "J5", "Partner ")) }, nil},
		"leave a binary fraction": {func(f *excelize.File) { must(f.SetCellDefault("Goals", "K5", "400000.00000000006")) }, nil},
		"show a number with two digits": {
			func(f *excelize.File) { styled(f, "Goals", "K5", `[$€-407] #,##0.00`) },
			func(spec map[string]any) { spec["goals"].([]any)[0].(map[string]any)["baseline"] = "400000.00" },
		},
		"number an invoice or name": {
			func(f *excelize.File) { must(f.SetCellInt("Plan", "C9", 4711)) },
			func(spec map[string]any) { spec["segment"] = "4711" },
		},
	} {
		t.Run(name, func(t *testing.T) {
			back, err := form.Read(edited(t, plan, tc.edit))
			must(err)
			again, err := form.Read(plan)
			must(err)
			if tc.want != nil {
				tc.want(again.Spec)
			}
			if diff := cmp.Diff(string(jsonOf(t, again.Spec)), string(jsonOf(t, back.Spec))); diff != "" || len(back.Problems) > 0 {
				t.Errorf("%s %q", diff, back.Problems)
			}
		})
	}
	if len(before.Problems) > 0 {
		t.Error(before.Problems)
	}
}

// TestTheWorkbookChecksWhatIsWrittenIntoIt looks at what the spreadsheet program is told.
func TestTheWorkbookChecksWhatIsWrittenIntoIt(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(sample(t, kinds.JointPlan, "acme-fy27-h1")))
	must(err)
	kindsOf := map[string]string{}
	for _, sheet := range []string{"Plan", "Goals", "Goals milestones", "Commitments"} {
		list, err := f.GetDataValidations(sheet)
		must(err)
		for _, v := range list {
			kindsOf[sheet+"!"+v.Sqref] = v.Type + " " + v.Formula1
		}
	}
	for cells, want := range map[string]string{
		"Plan!C5:C5":               "whole 1971",
		"Plan!C7:C7":               "date 25569",
		"Goals!D5:D24":             "list 'Lists'!$E$2:$E$15",
		"Goals!J5:J24":             `list "Vendor,Partner"`,
		"Goals!K5:K24":             "decimal -1000000000000000",
		"Goals!C5:C24":             "textLength 0",
		"Goals milestones!B5:B132": "list 'Goals'!$B$5:$B$24",
		"Commitments!E5:E28":       "list 'Goals'!$B$5:$B$24",
	} {
		if kindsOf[cells] != want {
			t.Errorf("%s is checked as %q instead of %q", cells, kindsOf[cells], want)
		}
	}
	for _, sheet := range []string{"Lists", "JointPlan form"} {
		if visible, _ := f.GetSheetVisible(sheet); visible {
			t.Errorf("sheet %s is shown", sheet)
		}
	}
	if help, _ := f.GetCellValue("Goals", "O3"); help != "The day by whose end the target is to be reached. Absent means the last day of the period." {
		t.Errorf("the help of due is %q", help)
	}
	if panes, _ := f.GetPanes("Goals"); !panes.Freeze || panes.YSplit != 4 {
		t.Errorf("the header is not frozen: %+v", panes)
	}
}

func TestTheCheckListsAndMarksWhatIsToBeCorrected(t *testing.T) {
	plan := sample(t, kinds.JointPlan, "acme-fy27-h1")
	back, err := form.Read(edited(t, plan, func(f *excelize.File) { must(f.SetCellStr("Goals", "D5", "new-revenu")) }))
	must(err)
	colour := func(f *excelize.File, cell string) string {
		number, err := f.GetCellStyle("Goals", cell)
		must(err)
		style, err := f.GetStyle(number)
		must(err)
		return strings.Join(style.Fill.Color, "")
	}
	checked, err := back.Check()
	must(err)
	f, err := excelize.OpenReader(bytes.NewReader(checked))
	must(err)
	rows, err := f.GetRows("Check")
	must(err)
	linked, target, err := f.GetCellHyperLink("Check", "A5")
	must(err)
	if len(rows) != 5 || rows[4][0] != "Goals!D5" || rows[4][1] != "Error" || !linked || target != "'Goals'!D5" || colour(f, "D5") != "FFC7CE" || colour(f, "D6") != "" {
		t.Errorf("rows %q, link %q, colours %q %q", rows, target, colour(f, "D5"), colour(f, "D6"))
	}

	// the partner corrects it, and the next check is clean
	corrected := edited(t, checked, func(f *excelize.File) { must(f.SetCellStr("Goals", "D5", "new-revenue")) })
	back, err = form.Read(corrected)
	must(err)
	if len(back.Problems) > 0 {
		t.Fatal(back.Problems)
	}
	checked, err = back.Check()
	must(err)
	f, err = excelize.OpenReader(bytes.NewReader(checked))
	must(err)
	if said, _ := f.GetCellValue("Check", "A2"); said != "Nothing: the form can be used as it is." || colour(f, "D5") != "" {
		t.Errorf("%q, %q", said, colour(f, "D5"))
	}
	before, err := form.Read(plan)
	must(err)
	if diff := cmp.Diff(string(jsonOf(t, before.Spec)), string(jsonOf(t, back.Spec))); diff != "" {
		t.Error(diff)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample(f, kinds.JointPlan, "acme-fy27-h2"), uint16(0), byte(0))
	f.Add([]byte("PK\x03\x04"), uint16(2), byte(9))
	f.Fuzz(func(t *testing.T, data []byte, at uint16, value byte) {
		if len(data) > 0 {
			data = slices.Clone(data)
			data[int(at)%len(data)] ^= value
		}
		back, err := form.Read(data)
		if err == nil {
			_ = back.Find("spec.goals[0].due")
		}
	})
}

// FuzzReadCells writes anything into cells of a form, marks among them.
func FuzzReadCells(f *testing.F) {
	plan := sample(f, kinds.JointPlan, "acme-fy27-h2")
	sheets := []string{"Goals", "JointPlan form", "Goals milestones", "Plan", "SWOT", "Activities", "Lists"}
	f.Add(uint8(0), uint8(4), uint8(1), "target.mode", false)
	f.Add(uint8(1), uint8(2), uint8(9), "{", false)
	f.Add(uint8(2), uint8(2), uint8(5), "1e999", true)
	f.Add(uint8(3), uint8(0), uint8(3), "period.part", false)
	f.Fuzz(func(t *testing.T, of, column, row uint8, text string, isNumber bool) {
		sheet := sheets[int(of)%len(sheets)]
		name, err := excelize.CoordinatesToCellName(int(column)%40+1, int(row)%60+1)
		must(err)
		data := edited(t, plan, func(x *excelize.File) {
			if isNumber {
				_ = x.SetCellDefault(sheet, name, text)
			} else {
				_ = x.SetCellStr(sheet, name, text)
			}
		})
		back, err := form.Read(data)
		if err != nil {
			if strings.Contains(err.Error(), "cannot be read as a workbook:") {
				t.Fatal(err)
			}
			return
		}
		if _, err := back.Check(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestOfARowThatCannotBeReadNothingMoreIsSaid has a number that cannot be read, for want of which the schema would refuse the goal.
func TestOfARowThatCannotBeReadNothingMoreIsSaid(t *testing.T) {
	back, err := form.Read(edited(t, sample(t, kinds.JointPlan, "acme-fy27-h1"), func(f *excelize.File) { must(f.SetCellStr("Goals", "K5", "400,000")) }))
	must(err)
	errs := refusals(t, back)
	if len(errs) == 0 || errs[0].Field != "spec.goals[0].baseline" {
		t.Fatalf("the schema says %v", errs)
	}
	back.Refused(errs)
	if len(back.Problems) != 1 || back.Problems[0].Cell != "K5" || !strings.Contains(back.Problems[0].Message, "comma") {
		t.Errorf("%q", linesOf(back.Problems))
	}
}
