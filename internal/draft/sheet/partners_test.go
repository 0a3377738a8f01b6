package sheet

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

func TestPartnerNames(t *testing.T) {
	for title, want := range map[string]string{
		"Müller & Söhne GmbH":          "mueller-and-soehne",
		"MU\u0308LLER GmbH & Co. KG":   "mueller",
		"Ærø Systems A/S":              "aeroe-systems",
		"Société Générale d'Info S.A.": "societe-generale-dinfo",
		"Łódź Soft Sp. z o.o.":         "lodz-soft",
		"Škoda IT s.r.o.":              "skoda-it",
		"Yıldız Bilişim A.Ş.":          "yildiz-bilisim",
		"ACME Pty Ltd":                 "acme",
		"AG":                           "ag",
		"Limited Edition":              "limited-edition",
		"3M Deutschland GmbH":          "3m-deutschland",
		"Ромашка ООО":                  "",
		"株式会社":                         "",
		"???":                          "",
		"Gesellschaft für angewandte Rechentechnik und Datenverarbeitung mbH": "gesellschaft-fuer-angewandte",
	} {
		if got := PartnerName(title); got != want {
			t.Errorf("%s: %q, want %q", title, got, want)
		}
	}
}

func TestPartnersOfDirtySheets(t *testing.T) {
	const acme = "partner-acme/acme"
	for name, d := range map[string]dirt{
		"a name alone": {"", "Partner\nAcme GmbH\n", []string{acme + " recorded 2026-11-03"}},
		"titles above the header, semicolons, German words": {
			"", "Partnerliste;;;;;\n;;;;;\nFirma;Typ;Stufe;Stufe seit;Partner seit;Vertriebsregion\nAcme GmbH;reseller;Gold;01.07.2026;01.04.2021;DACH\n",
			[]string{acme + " gold since 2026-07-01 Reseller dach 2021-04-01 recorded 2026-11-03"},
		},
		"joins on the day of the import":  {"", "Partner,Member Since\nAcme,2026-11-03\n", []string{acme + " 2026-11-03"}},
		"joined the day before":           {"", "Partner,Member Since\nAcme,2026-11-02\n", []string{acme + " 2026-11-02 recorded 2026-11-03"}},
		"a type of two words":             {"", "Partner,Type\nAcme,service provider\n", []string{acme + " ServiceProvider recorded 2026-11-03"}},
		"an object name wins":             {"", "Partner,Object Name\nAcme GmbH,acme-de\n", []string{"partner-acme-de/acme-de recorded 2026-11-03"}},
		"a namespace wins":                {"", "Partner,Namespace\nAcme GmbH,channel\n", []string{"channel/acme recorded 2026-11-03"}},
		"a bad object name":               {"", "Partner,Object Name\nAcme,Acme DE\n", []string{`line 2, Object Name "Acme DE": is not a name: at most 63 lower-case letters, digits and hyphens, which begins and ends with a letter or digit`}},
		"an unknown type":                 {"", "Partner,Type\nAcme,Reseler\n", []string{`line 2, Type "Reseler": is not a type of partner: did you mean "Reseller"? Write Reseller, Distributor, ServiceProvider, Integrator, Consultant or Technology, or say in spec.values of the mapping what it means`}},
		"an unknown tier":                 {"", "Partner,Tier,Tier Since\nAcme,Golt,2026-07-01\n", []string{`line 2, Tier "Golt": program northwind has no tier "Golt": did you mean "gold"? If so, correct the cell, or say in spec.values of the mapping what it means`}},
		"a tier without its day":          {"", "Partner,Tier\nAcme,gold\n", []string{`line 2,  "": there is no day since which the partner has held tier gold: write it, or one for all rows into spec.columns of the mapping, as in {field: tierSince, value: "2026-11-03"}`}},
		"one day of all tiers":            {"  columns: [{field: tierSince, value: \"2026-07-01\"}]\n", "Partner,Tier\nAcme,gold\n", []string{acme + " gold since 2026-07-01 recorded 2026-11-03"}},
		"a tier of the future":            {"", "Partner,Tier,Tier Since\nAcme,gold,2027-01-01\n", []string{`line 2, Tier Since "2027-01-01": is after the day of the import, 2026-11-03: nobody holds a tier yet that begins later`}},
		"what a tier is called elsewhere": {"  values: [{field: tier, written: Premier Plus, means: gold}]\n", "Partner,Tier,Tier Since\nAcme,premier  plus,2026-07-01\n", []string{acme + " gold since 2026-07-01 recorded 2026-11-03"}},
		"a dash that says nothing":        {"  missing: [\"-\"]\n", "Partner,Tier,Region\nAcme,-,-\n", []string{acme + " recorded 2026-11-03"}},
		"a day of two ways":               {"", "Partner,Member Since\nAcme,03/04/2021\n", []string{`line 2, Member Since "03/04/2021": can be read in more than one way: set day.format in the mapping, such as DD/MM/YYYY or MM/DD/YYYY`}},
		"a day of a format":               {"  day: {format: DD/MM/YYYY}\n", "Partner,Member Since\nAcme,03/04/2021\n", []string{acme + " 2021-04-03 recorded 2026-11-03"}},
		"the same partner twice":          {"", "Partner\nAcme GmbH\nAcme  GmbH\n", []string{acme + " recorded 2026-11-03", `line 3, Partner "Acme  GmbH": was there before, on line 2: remove one of the two`}},
		"the same in other letters": {"", "Partner\nAcme GmbH\nA.C.M.E. GMBH\n", []string{
			acme + " recorded 2026-11-03",
			`line 3, Partner "A.C.M.E. GMBH": is most probably the partner on line 2, "Acme GmbH": remove one of the two; if they are two partners, make their names differ by more than spelling`,
		}},
		"two companies of one name": {"", "Partner\nAcme GmbH\nAcme Ltd\n", []string{
			acme + " recorded 2026-11-03",
			`line 3, Partner "Acme Ltd": would have the object name acme, which "Acme GmbH" on line 2 has: remove one of the two, or write other names into a column "Object Name"`,
		}},
		"other letters":    {"", "Partner\nРомашка\n", []string{`line 2, Partner "Ромашка": no object name can be made of it, as its letters are not Latin: write one into a column "Object Name"`}},
		"a footer":         {"", "Partner,Region\nAcme,dach\n,1 partner\n", []string{acme + " dach recorded 2026-11-03", `line 3, Partner "": is empty: write the partner's name, or leave out such rows with skip in the mapping`}},
		"a skipped footer": {"  skip: [{column: Partner, values: [Total]}]\n", "Partner,Region\nAcme,dach\nTotal,1\n,\n", []string{acme + " dach recorded 2026-11-03", "2 left out"}},
		"a distributor below its reseller": {"", "Partner,Type,Distributor\nAcme,,Lyra Distribution\nLyra Distribution AG,Distributor,\n", []string{
			acme + " recorded 2026-11-03 under lyra-distribution", "partner-lyra-distribution/lyra-distribution Distributor recorded 2026-11-03 over partner-acme",
		}},
		"an unknown distributor": {"", "Partner,Type,Distributor\nAcme,,Lira Distribution\nLyra Distribution,Distributor,\n", []string{
			"partner-lyra-distribution/lyra-distribution Distributor recorded 2026-11-03",
			`line 2, Distributor "Lira Distribution": there is no partner of this name: did you mean "Lyra Distribution"? If so, correct the cell, or say in spec.values of the mapping which partner it means`,
		}},
		"a distributor that is none": {"", "Partner,Distributor\nAcme,Lyra\nLyra,\n", []string{
			"partner-lyra/lyra recorded 2026-11-03", `line 2, Distributor "Lyra": lyra is not a Distributor, but a Reseller, on line 3: correct its type, or empty the cell`,
		}},
		"a distributor that is rejected": {"", "Partner,Type,Distributor,Joined\nAcme,,Lyra,\nLyra,Distributor,,soon\n", []string{
			`line 2, Distributor "Lyra": lyra is rejected itself, on line 3: correct that row first`,
			`line 3, Joined "soon": is not a day such as 2026-10-31: set day.format in the mapping to how days are written`,
		}},
		"a mistyped region": {"", "Partner,Region\nAcme,DACH\nOrbit,dach\nLyra,DAHC\n", []string{
			acme + " dach recorded 2026-11-03", "partner-orbit/orbit dach recorded 2026-11-03",
			`line 4, Region "DAHC": no other partner has the region dahc: did you mean dach, which 2 partners have? If it is right, list it in spec.values of the mapping, as in {field: region, written: dahc, means: dahc}`,
		}},
		"a contact without a name":       {"", "Partner,Email\nAcme,a@acme.example\n", []string{`line 2, Email "a@acme.example": is the address of nobody: write the person's name into the column of contact, or empty the cell`}},
		"no address":                     {"", "Partner,Contact,Email\nAcme,Ana,ana at acme\n", []string{`line 2, Email "ana at acme": is not an e-mail address such as ana@example.com: write one, or empty the cell`}},
		"an agreement that ends first":   {"", "Partner,Contract Date,Contract End\nAcme,2026-01-01,2025-01-01\n", []string{`line 2, Contract End "2025-01-01": the agreement ends before it was signed, on 2026-01-01: correct one of the two`}},
		"a certificate that is no such":  {"", "Partner,Competencies\nAcme,certified-engineer Amir\n", []string{`line 2, Competencies "certified-engineer Amir": "certified-engineer Amir" is not a certificate: write COMPETENCY: PERSON (FROM to THROUGH), with a semicolon between two, as in "certified-engineer: Amir Haddad (2024-02-01 to 2027-01-31)"`}},
		"a delimiter that is not quoted": {"", "Partner,Region\nAcme, Inc,dach\n", []string{`line 2,  "": has 3 cells, and the header 2: put a value that contains the delimiter in quotes`}},
		"no header":                      {"", "Kunde,Land\nAcme,DE\n", []string{`error: there is no header: none of the first 2 rows has a column "Display Name". Name the columns in spec.columns of a mapping, as in {field: displayName, column: ...}, and give it with --mapping`}},
		"two columns for one field":      {"", "Company,Account\nAcme,Acme\n", []string{`error: the columns "Company" and "Account" can each be displayName: name the right one in spec.columns of a mapping, as in {field: displayName, column: Company}`}},
		"one of two columns":             {"  columns: [{field: displayName, column: Account}]\n", "Company,Account\nX,Acme\n", []string{acme + " recorded 2026-11-03"}},
		"a field that is none":           {"  columns: [{field: teir, column: Tier}]\n", "Partner,Tier\nAcme,gold\n", []string{`error: spec.columns[0].field of the mapping: no field "teir": did you mean "tier"? The fields are displayName, name, namespace, type, tier, tierSince, memberSince, region, territories, segments, competencies, agreementSignedOn, agreementEndsOn, contact, contactEmail, channelManager, channelManagerEmail and distributor`}},
		"a column that is not there":     {"  columns: [{field: tier, column: Rank}]\n", "Partner\nAcme\n", []string{`error: spec.columns of the mapping, field tier: there is no column "Rank"; the header has "Partner"`}},
		"nothing below":                  {"", "Partner\n", []string{"error: there is no row below the header"}},
		"nothing at all":                 {"", "", []string{"error: is empty: there is not even a header"}},
	} {
		t.Run(name, func(t *testing.T) { d.check(t, Partners, nil) })
	}
}

// TestASheetChangesNothingUnseen imports again what a person changed since.
func TestASheetChangesNothingUnseen(t *testing.T) {
	const sheet = "Partner,Tier,Tier Since,Region,Type,Distributor\nAcme GmbH,gold,2026-07-01,dach,,Lyra\nLyra,,,,Distributor,\n"
	first, err := importText(t, Partners, "", sheet, nil)
	if err != nil {
		t.Fatal(err)
	}
	again := func(change func(acme *v1alpha1.Partner, labels map[string]string)) []string {
		objects := northwind(t)
		namespaces := map[string]map[string]string{}
		for _, item := range first.Items {
			x := item.Object.(*v1alpha1.Partner).DeepCopy()
			labels := map[string]string{namespaceNameLabel: x.Namespace}
			maps.Copy(labels, item.Namespace)
			if x.Name == "acme" {
				change(x, labels)
			}
			namespaces[x.Namespace] = labels
			objects = append(objects, manifest.Object(x))
		}
		outcome, err := importText(t, Partners, "", sheet, func(o *Options) { o.Objects, o.Namespaces, o.At = objects, namespaces, at.AddDate(0, 1, 0) })
		if err != nil {
			t.Fatal(err)
		}
		var changes []string
		for _, item := range outcome.Items {
			if item.IsNew {
				t.Errorf("%s is new", item.Object.GetName())
			}
			for _, c := range item.Changes {
				changes = append(changes, c.Object+" "+c.Field+": "+c.Old+" -> "+c.New)
			}
			if x, ok := item.Object.(*v1alpha1.Partner); ok && x.Name == "acme" && len(x.Spec.Invoices) != 1 {
				t.Error("what the sheet does not say is lost")
			}
		}
		return changes
	}
	for name, test := range map[string]struct {
		change func(acme *v1alpha1.Partner, labels map[string]string)
		want   []string
	}{
		"nothing":             {func(*v1alpha1.Partner, map[string]string) {}, nil},
		"promoted":            {func(x *v1alpha1.Partner, _ map[string]string) { x.Spec.Tier.Name = "platinum" }, []string{"Partner partner-acme/acme spec.tier.name: platinum -> gold"}},
		"renamed":             {func(x *v1alpha1.Partner, _ map[string]string) { x.Spec.DisplayName = "Acme Cloud GmbH" }, []string{"Partner partner-acme/acme spec.displayName: Acme Cloud GmbH -> Acme GmbH"}},
		"bought directly":     {func(x *v1alpha1.Partner, _ map[string]string) { x.Spec.ParentRef = nil }, []string{`Partner partner-acme/acme spec.parentRef:  -> {"name":"lyra","namespace":"partner-lyra"}`}},
		"what has no column":  {func(x *v1alpha1.Partner, _ map[string]string) { x.Spec.Segments = []v1alpha1.Name{"schools"} }, nil},
		"a label of theirs":   {func(_ *v1alpha1.Partner, l map[string]string) { l["x"] = "y" }, nil},
		"a label was removed": {func(_ *v1alpha1.Partner, l map[string]string) { delete(l, recordsLabel) }, []string{"Namespace partner-acme metadata.labels." + recordsLabel + ":  -> keep"}},
		"recorded earlier":    {func(x *v1alpha1.Partner, _ map[string]string) { x.Spec.RecordedOn = "2026-10-01" }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := again(func(x *v1alpha1.Partner, labels map[string]string) {
				x.Spec.Invoices = []v1alpha1.Invoice{{Number: "1", DueOn: "2026-01-01"}}
				test.change(x, labels)
			})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestADistributorThatNoRowIsAboutGetsItsReseller: it is there already, and must list the reseller's namespace.
func TestADistributorThatNoRowIsAboutGetsItsReseller(t *testing.T) {
	lyra := &v1alpha1.Partner{Spec: v1alpha1.PartnerSpec{
		ProgramRef: v1alpha1.Reference{Name: "northwind"}, DisplayName: "Lyra AG", Type: v1alpha1.PartnerDistributor, ChildNamespaces: []v1alpha1.Name{"partner-orbit"},
	}}
	lyra.Name, lyra.Namespace = "lyra", "partner-lyra"
	lyra.Kind = "Partner"
	d := dirt{"", "Partner,Distributor\nAcme,Lyra\n", []string{
		"partner-lyra/lyra Distributor over partner-orbit over partner-acme",
		"Partner partner-lyra/lyra spec.childNamespaces:  -> partner-acme",
		"partner-acme/acme recorded 2026-11-03 under lyra",
	}}
	d.check(t, Partners, func(o *Options) { o.Objects = append(o.Objects, lyra) })
	if len(lyra.Spec.ChildNamespaces) != 1 {
		t.Error("what was given is changed")
	}
}

func TestLabelsOfNamespaces(t *testing.T) {
	selector := func(e ...metav1.LabelSelectorRequirement) func(*Options) {
		return func(o *Options) {
			o.Labels = map[string]string{"tier": "x"}
			for _, object := range o.Objects {
				if x, ok := object.(*v1alpha1.PartnerProgram); ok {
					x.Spec.AllowedNamespaces.Selector.MatchExpressions = e
				}
			}
		}
	}
	outcome, err := importText(t, Partners, "", "Partner\nAcme\n", selector(metav1.LabelSelectorRequirement{Key: "a", Operator: metav1.LabelSelectorOpIn, Values: []string{"b"}}))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"tier": "x", "a": "b", recordsLabel: "keep", "example.com/partner-program": "northwind"}
	if diff := cmp.Diff(want, outcome.Items[0].Namespace); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	_, err = importText(t, Partners, "", "Partner\nAcme\n", selector(metav1.LabelSelectorRequirement{Key: "a", Operator: metav1.LabelSelectorOpExists}))
	if want := "program northwind takes partners from namespaces with certain labels alone (a,example.com/partner-program=northwind), and it does not say which values: " +
		"give them with --label KEY=VALUE"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
