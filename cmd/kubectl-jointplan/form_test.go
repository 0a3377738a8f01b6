package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/form"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// ofAcme are the arguments that name the samples of acme.
var ofAcme = []string{"-f", samples + "/programs", "-f", samples + "/budgets", "-f", samples + "/partners/acme", "--at", storyAt}

// fill makes a form with the command, lets somebody fill it in, and returns its file.
func fill(t *testing.T, edit func(f *excelize.File), args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "form.xlsx")
	args = append(append([]string{"form"}, args...), append([]string{"--out", file}, ofAcme...)...)
	if got := kubectlJointplan(t, "", args...); got.Code != exitOK || !strings.HasPrefix(got.Stdout, file+": a form for ") {
		t.Fatalf("%v: %+v", args, got)
	}
	if edit == nil {
		return file
	}
	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	edit(f)
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
	return file
}

// returnedForms are filled forms by the command that reads them.
func returnedForms(t *testing.T) map[string]string {
	t.Helper()
	plan := fill(t, nil, "plan", "--from", "acme-fy27-h1")
	return map[string]string{
		"form": plan, "plan": plan, "request": fill(t, nil, "request", "--from", "acme-customer-day"), "claim": fill(t, nil, "claim", "--from", "acme-cloud-webinar-2"),
	}
}

func put(f *excelize.File, sheet string, cells map[string]any) {
	for cell, value := range cells {
		if err := f.SetCellValue(sheet, cell, value); err != nil {
			panic(err)
		}
	}
}

// objectOf reads the one object of a manifest.
func objectOf(t *testing.T, text string) manifest.Object {
	t.Helper()
	set, err := reader().Read(t.Context(), manifest.Options{Stdin: strings.NewReader(text)}, "-")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return set.Objects()[0]
}

// TestFormsOfWhatIsThereComeBackAsItIs makes a form of every plan, request and claim of a partner with the one command, and reads it with the other.
func TestFormsOfWhatIsThereComeBackAsItIs(t *testing.T) {
	set, err := reader().Read(t.Context(), manifest.Options{}, samples+"/partners/acme")
	if err != nil {
		t.Fatal(err)
	}
	for _, object := range set.Objects() {
		key := manifest.KeyOf(object)
		k := form.KindNamed(key.Kind)
		if k == nil || k.Name == "results" {
			continue
		}
		file := filepath.Join(t.TempDir(), "form.xlsx")
		got := kubectlJointplan(t, "", append([]string{"form", k.Name, "--from", key.Name, "--out", file}, ofAcme...)...)
		if got.Code != exitOK {
			t.Fatalf("%s: %+v", key, got)
		}
		got = kubectlJointplan(t, "", "import", k.Name, file)
		if got.Code != exitOK {
			t.Errorf("%s: %+v", key, got)
			continue
		}
		back, before := objectOf(t, got.Stdout), objectOf(t, string(mustManifest(t, object)))
		if diff := cmp.Diff(before, back); diff != "" {
			t.Errorf("%s is other than before:\n%s", key, diff)
		}
	}
}

func mustManifest(t *testing.T, object manifest.Object) []byte {
	t.Helper()
	text, err := manifestOf(object)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestAFormForANewPlan(t *testing.T) {
	file := fill(t, func(f *excelize.File) {
		put(f, "Goals", map[string]any{"B5": "leads", "D5": "qualified-leads", "F5": "cloud-migration", "J5": "Partner", "L5": "Absolute", "M5": 120})
		put(f, "Activities", map[string]any{"B5": "spring-webinar", "C5": "Webinar", "J5": 5000.5, "K5": "EUR"})
	}, "plan", "--partner", "acme", "--period", "FY2028-H1")
	folder := t.TempDir() + "/"
	got := kubectlJointplan(t, "", append([]string{"import", "plan", file, "--write", folder}, ofAcme...)...)
	if got.Code != exitOK || !strings.Contains(got.Stderr, `Goals!B5: warning SmartActionable: goal "leads" is not actionable`) {
		t.Fatalf("%+v", got)
	}
	text, err := os.ReadFile(folder + "acme-fy28-h1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	plan, ok := objectOf(t, string(text)).(*v1alpha1.JointPlan)
	if !ok || !bytes.HasPrefix(text, []byte("# From form.xlsx, sha256 ")) {
		t.Fatal(string(text))
	}
	want := v1alpha1.PlanTerms{
		PartnerRef: v1alpha1.Reference{Name: "acme"}, Period: v1alpha1.Period{FiscalYear: new(int32(2028)), Part: "H1"},
		Goals: []v1alpha1.Goal{{
			Name: "leads", Metric: "qualified-leads", Initiatives: []v1alpha1.Name{"cloud-migration"}, Owner: "Partner",
			Target: &v1alpha1.Target{Mode: "Absolute", Value: "120"},
		}},
		Activities: []v1alpha1.PlannedActivity{{Name: "spring-webinar", Type: "Webinar", Cost: &v1alpha1.Money{Amount: "5000.5", Currency: "EUR"}}},
	}
	if diff := cmp.Diff(want, plan.Spec.PlanTerms); diff != "" || plan.Namespace != "partner-acme" {
		t.Error(diff)
	}
	if again := kubectlJointplan(t, "", append([]string{"form", "plan", "--period", "FY2027-H2", "--out", "-"}, ofAcme...)...); again.Code != exitInput ||
		!strings.Contains(again.Stderr, "there is a plan acme-fy27-h2 already: fill the form in from it with --from acme-fy27-h2") {
		t.Errorf("%+v", again)
	}
}

func TestTheFormShowsWhatIsKnown(t *testing.T) {
	file := fill(t, nil, "plan", "--partner", "acme", "--period", "FY2028-H1")
	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("Goals")
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	for _, row := range rows {
		text = append(text, strings.Join(row, "|"))
	}
	for _, want := range []string{"Last values that were reported", "Goals of the partner's plans", "acme-fy26-h2|cloud-revenue|new-revenue|520000|"} {
		if !strings.Contains(strings.Join(text, "\n"), want) {
			t.Errorf("the sheet Goals does not show %q:\n%s", want, strings.Join(text, "\n"))
		}
	}
	if rows, _ := f.GetRows("Catalogue"); len(rows) < 20 {
		t.Errorf("the catalogue has %d rows", len(rows))
	}
}

func TestAClaimOfAPersonWithoutAnAccountIsAttested(t *testing.T) {
	file := fill(t, func(f *excelize.File) {
		put(f, "Claim", map[string]any{"C6": "2026-11-30"})
		put(f, "Costs", map[string]any{"B5": "RS-118", "D5": "2026-10-20", "F5": "6400.00"})
	}, "claim", "--request", "acme-migration-roadshow")
	digest, err := digestOf(file)
	if err != nil {
		t.Fatal(err)
	}
	got := kubectlJointplan(t, "", "import", "form", file, "--sender", "paula.reimann@acme.example", "--recorded-by", "desk@northwind.example", "--received", "2026-11-30", "--document", "DMS-4711")
	if got.Code != exitOK || !strings.HasPrefix(got.Stdout, "# From form.xlsx, sha256 "+digest+", sent by paula.reimann@acme.example, received on 2026-11-30\n") {
		t.Fatalf("%+v", got)
	}
	claim, ok := objectOf(t, got.Stdout).(*v1alpha1.MDFClaim)
	if !ok {
		t.Fatal(got.Stdout)
	}
	want := &v1alpha1.Attestation{RecordedBy: "desk@northwind.example", Document: "DMS-4711", SHA256: digest, ReceivedOn: "2026-11-30", Channel: "Form"}
	if diff := cmp.Diff(want, claim.Spec.Attestation); diff != "" || claim.Spec.RequestedBy != "paula.reimann@acme.example" || claim.Name != "acme-migration-roadshow-1" {
		t.Errorf("%s %+v", diff, claim)
	}
	if got := kubectlJointplan(t, "", "import", "form", file, "--sender", "paula.reimann@acme.example"); got.Code != exitInput || !strings.Contains(got.Stderr, "--recorded-by") {
		t.Errorf("%+v", got)
	}
	other := fill(t, func(f *excelize.File) { put(f, "Claim", map[string]any{"C5": "someone@acme.example"}) }, "claim", "--from", "acme-cloud-webinar-2")
	got = kubectlJointplan(t, "", "import", "form", other, "--sender", "paula.reimann@acme.example", "--recorded-by", "desk@northwind.example")
	if got.Code != exitFailed || !strings.Contains(got.Stderr, "the form names someone@acme.example as who asks, and it was sent by paula.reimann@acme.example") {
		t.Errorf("%+v", got)
	}
}

func TestAFormForResults(t *testing.T) {
	file := fill(t, func(f *excelize.File) {
		rows, err := f.GetRows("Results")
		if err != nil {
			panic(err)
		}
		for i, row := range rows {
			if len(row) > 0 && row[0] == "qualified-leads" {
				if err := f.SetSheetRow("Results", cellName(5, i+1), &[]any{12, 30, nil, "2,5"}); err != nil {
					panic(err)
				}
			}
		}
	}, "results", "--of", "plan/acme-fy27-h1")
	got := kubectlJointplan(t, "", append([]string{"import", "form", file}, ofAcme...)...)
	if got.Code != exitFailed || got.Stdout != "" || !strings.Contains(got.Stderr, `Results!H7: error: "2,5" is text, and its comma can be read in two ways`) {
		t.Fatalf("%+v", got)
	}
	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	put(f, "Results", map[string]any{"H7": 2.5})
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
	got = kubectlJointplan(t, "", append([]string{"import", "form", file}, ofAcme...)...)
	set, ok := objectOf(t, got.Stdout).(*v1alpha1.MeasurementSet)
	if !ok {
		t.Fatalf("%+v", got)
	}
	want := v1alpha1.MeasurementSetSpec{
		SubjectRef: v1alpha1.SubjectReference{Kind: "JointPlan", Name: "acme-fy27-h1"}, Source: "partner-reported",
		Entries: []v1alpha1.Measurement{
			{Metric: "qualified-leads", Day: "2026-07-31", Value: "12"},
			{Metric: "qualified-leads", Day: "2026-08-31", Value: "30"},
			{Metric: "qualified-leads", Day: "2026-10-31", Value: "2.5"},
		},
	}
	if diff := cmp.Diff(want, set.Spec); diff != "" || set.Name != "acme-fy27-h1-reported-fy2027-h1" {
		t.Errorf("%s %s", set.Name, diff)
	}

	// the next return of the form: one value is known, one is corrected, one is new
	before := filepath.Join(t.TempDir(), "before.yaml")
	if err := os.WriteFile(before, []byte(got.Stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	put(f, "Results", map[string]any{"F7": 31, "G7": 4})
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
	got = kubectlJointplan(t, "", append([]string{"import", "form", file, "-f", before, "--received", "2026-11-02"}, ofAcme...)...)
	if set, ok = objectOf(t, got.Stdout).(*v1alpha1.MeasurementSet); !ok || !strings.Contains(got.Stderr, "Results!F7: info: was reported as 30 before") {
		t.Fatalf("%+v", got)
	}
	wantEntries := append([]v1alpha1.Measurement{
		{Metric: "qualified-leads", Day: "2026-08-31", Value: "31", ReportedOn: "2026-11-02"}, {Metric: "qualified-leads", Day: "2026-09-30", Value: "4"},
	}, want.Entries...)
	if diff := cmp.Diff(wantEntries, set.Spec.Entries); diff != "" {
		t.Error(diff)
	}
	got = kubectlJointplan(t, "", "import", "form", file, "--source", "crm")
	if set, ok = objectOf(t, got.Stdout).(*v1alpha1.MeasurementSet); !ok || set.Spec.Source != "crm" {
		t.Errorf("%+v", got)
	}
}

func cellName(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		panic(err)
	}
	return name
}

func TestFormsThatDoNotBelong(t *testing.T) {
	plan := fill(t, nil, "plan", "--from", "acme-fy27-h1")
	tell := func(cell, value string) string {
		f, err := excelize.OpenFile(plan)
		if err != nil {
			t.Fatal(err)
		}
		put(f, "JointPlan form", map[string]any{cell: value})
		file := filepath.Join(t.TempDir(), "other.xlsx")
		if err := f.SaveAs(file); err != nil {
			t.Fatal(err)
		}
		return file
	}
	text := filepath.Join(t.TempDir(), "plan.xlsx")
	if err := os.WriteFile(text, []byte("goals"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		file, kind, want string
		code             int
	}{
		"another program's": {tell("B3", "subtle"), "form", "Plan!B2: error: the form is for program subtle, and partner acme is in program northwind: make a new form, with the names of that program", exitFailed},
		"another partner's": {tell("B4", "nova"), "form", "Plan!B2: error: the form is for partner nova in namespace partner-acme, who is not there", exitFailed},
		"an outdated one":   {tell("B1", "0"), "form", "is a form of another version", exitInput},
		"another kind":      {plan, "claim", "is a form for a plan and not for a claim: use kubectl jointplan import form", exitInput},
		"not a workbook":    {text, "plan", "plan.xlsx is not a workbook (.xlsx)", exitInput},
		"not there":         {"nowhere.xlsx", "plan", "cannot read nowhere.xlsx: no such file or directory", exitInput},
		"a folder":          {t.TempDir(), "plan", "is a folder: name the form", exitInput},
	} {
		got := kubectlJointplan(t, "", append([]string{"import", tc.kind, tc.file}, ofAcme...)...)
		if got.Code != tc.code || got.Stdout != "" || !strings.Contains(got.Stderr, tc.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestTheCheckedFormIsForThePartner(t *testing.T) {
	file := fill(t, func(f *excelize.File) { put(f, "Goals", map[string]any{"D5": "new-revenu"}) }, "plan", "--from", "acme-fy27-h1")
	check := filepath.Join(t.TempDir(), "check.xlsx")
	got := kubectlJointplan(t, "", append([]string{"import", "plan", file, "--check", check}, ofAcme...)...)
	if got.Code != exitFailed || !strings.Contains(got.Stderr, `Goals!D5: error: "new-revenu" is not among the metrics of program northwind: did you mean new-revenue?`) {
		t.Fatalf("%+v", got)
	}
	f, err := excelize.OpenFile(check)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("Check")
	if err != nil || len(rows) < 5 || rows[4][0] != "Goals!D5" {
		t.Errorf("%q %v", rows, err)
	}
	if got := kubectlJointplan(t, "", "import", "plan", file, "--check", check); got.Code != exitInput || !strings.Contains(got.Stderr, "is there already and stays as it is: name another file with --check") {
		t.Errorf("%+v", got)
	}
}
