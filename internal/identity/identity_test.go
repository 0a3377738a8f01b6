package identity_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jointplan.dev/jointplan/internal/identity"
)

func TestSamePerson(t *testing.T) {
	for name, test := range map[string]struct {
		a, b        string
		same, alike bool
	}{
		"one name":                         {"p@a.example", "p@a.example", true, false},
		"capitals and a space at its end":  {"P@A.Example", "p@a.example ", true, false},
		"blanks between words":             {"Ana  Kova\u010d", " ana kova\u010d\t", true, false},
		"a no-break space":                 {"Ana Lopez", "Ana\u00a0Lopez", true, false},
		"full-width letters":               {"kim@acme.example", "\uff4b\uff49\uff4d\uff20acme.example", true, false},
		"a combining accent":               {"Jos\u00e9", "Jose\u0301", true, false},
		"a sharp s":                        {"Strau\u00df", "STRAUSS", true, false},
		"a Greek final sigma":              {"\u039d\u03af\u03ba\u03bf\u03c2", "\u039d\u038a\u039a\u039f\u03a3", true, false},
		"a ligature":                       {"So\ufb01a", "sofia", true, false},
		"a zero-width space":               {"kim@acme.example", "kim\u200b@acme.example", true, false},
		"a soft hyphen":                    {"kim@acme.example", "kim@ac\u00adme.example", true, false},
		"text direction":                   {"kim", "\u202akim\u202c", true, false},
		"a variation selector":             {"kim", "kim\ufe0f", true, false},
		"a Hangul filler and a blank":      {"kim", "kim\u3164 ", true, false},
		"a control character":              {"kim", "k\u0001im", true, false},
		"blank names":                      {"", " \u00a0", true, false},
		"two people":                       {"vera@a.example", "fay@a.example", false, false},
		"two people of one domain":         {"ana@a.example", "anna@a.example", false, false},
		"a person and a name beginning so": {"kim", "kimberly", false, false},
		"other numbers":                    {"approver-2", "approver-6", false, false},

		"dots":                    {"paula.reimann@acme.example", "paulareimann@acme.example", false, true},
		"hyphens":                 {"anna-lena", "annalena", false, true},
		"a plus tag":              {"kim@acme.example", "kim+mdf@acme.example", false, true},
		"a full-width plus tag":   {"kim@acme.example", "kim\uff0bmdf@acme.example", false, true},
		"a zero for an o":         {"bob@acme.example", "b0b@acme.example", false, true},
		"a one for an l":          {"paula@acme.example", "pau1a@acme.example", false, true},
		"a one for an i":          {"kim@acme.example", "k1m@acme.example", false, true},
		"an I for an l":           {"paula@acme.example", "pauIa@acme.example", false, true},
		"a five for an s":         {"stella", "5tella", false, true},
		"a Cyrillic a":            {"paula@acme.example", "p\u0430ula@acme.example", false, true},
		"Cyrillic capitals":       {"KATE", "\u041a\u0410\u0422\u0415", false, true},
		"a Greek o":               {"bob", "b\u03bfb", false, true},
		"a Greek capital":         {"Harry", "\u0397arry", false, true},
		"an Armenian letter":      {"oona", "o\u0585na", false, true},
		"an accent":               {"Kova\u010d", "Kovac", false, true},
		"a stroke":                {"\u0141ukasz", "Lukasz", false, true},
		"an underscore":           {"ana_lopez", "ana.lopez", false, true},
		"a blank":                 {"Ana Lopez", "AnaLopez", false, true},
		"other punctuation alone": {"...", "---", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			for _, pair := range [][2]string{{test.a, test.b}, {test.b, test.a}} {
				if got := identity.SamePerson(pair[0], pair[1]); got != test.same {
					t.Errorf("%q and %q are one person: %t, want %t", pair[0], pair[1], got, test.same)
				}
				if got := identity.LookAlike(pair[0], pair[1]); got != test.alike {
					t.Errorf("%q and %q look alike: %t, want %t", pair[0], pair[1], got, test.alike)
				}
			}
		})
	}
}

// spellings are ways to write one invoice's number.
var spellings = []string{
	"R-2041", "r-2041", "R 2041", " R-2041 ", "R2041", "R/2041", "R.2041", "R_2041", "R#2041", "No. R-2041", "Nr. R-2041", "\u2116 R-2041", "no R-2041",
	"Invoice R-2041", "Invoice no. R-2041", "R\u20102041", "R\u20112041", "R\u20132041", "R\u20142041", "R\u22122041", "\uff32\uff0d\uff12\uff10\uff14\uff11",
	"R\u200b-2041", "R-20\u00ad41", "R-2\u20600\ufeff41", "R\u00a02041", "R-\u0662\u0660\u0664\u0661", "R-2041\ufe0f", "(R-2041)", "R-20 41",
}

func TestSpellingsOfAnInvoiceAreOne(t *testing.T) {
	for _, spelling := range spellings {
		if got := identity.NumberKey(spelling); got != "r2041" {
			t.Errorf("%q has the key %q, want r2041", spelling, got)
		}
		if similar(spelling, "R-2041") {
			t.Errorf("%q is R-2041, and not similar to it", spelling)
		}
	}
}

func TestNumberKey(t *testing.T) {
	for number, want := range map[string]string{
		"0042": "42", "No. 0042": "42", "42": "42", "0": "0", "000": "0", "R-0042": "r0042", "2026/0042": "20260042", "No.": "no", "NO-17": "17",
		"No17": "17", "Nord-17": "nord17", "NOR 17": "nor17", "---": "---", "\u2014 \u2014": "\u2014\u2014", "": "", "\u2116": "no", "\u6771-1": "\u67711",
	} {
		if got := identity.NumberKey(number); got != want {
			t.Errorf("%q has the key %q, want %q", number, got, want)
		}
	}
}

func similar(a, b string) bool {
	x, y := identity.NewNumber(a), identity.NewNumber(b)
	return x.Similar(&y)
}

func TestSimilarNumbers(t *testing.T) {
	for name, test := range map[string]struct {
		a, b string
		want bool
	}{
		"one digit is another":       {"R-2041", "R-2042", true},
		"one digit is missing":       {"R-2041", "R-241", true},
		"one digit more":             {"R-2041", "R-20411", true},
		"one letter more in front":   {"R-2041", "AR-2041", true},
		"two neighbours are swapped": {"R-2041", "R-2014", true},
		"an O for a zero":            {"R-2041", "R-2O41", true},
		"two Os for zeros":           {"R-1001", "R-1OO1", true},
		"a Cyrillic letter":          {"AC-12", "\u0410\u0421-12", true},
		"zeros within":               {"R-41", "R-00041", true},
		"two digits are others":      {"R-2041", "R-2152", false},
		"the same":                   {"R-2041", "r 2041", false},
		"two digits are missing":     {"R-2041", "R-21", false},
		"nothing in common":          {"A-1", "B-27", false},
	} {
		t.Run(name, func(t *testing.T) {
			if similar(test.a, test.b) != test.want || similar(test.b, test.a) != test.want {
				t.Errorf("%q and %q are similar: want %t", test.a, test.b, test.want)
			}
		})
	}
}

func TestSuppliersAndReferences(t *testing.T) {
	for _, supplier := range []string{"Hall AG", "hall ag", "HALL A.G.", "Hall-AG ", "\uff28all\u00a0AG", "Ha\u00adll AG"} {
		if got := identity.SupplierKey(supplier); got != "hallag" {
			t.Errorf("supplier %q has the key %q", supplier, got)
		}
	}
	if identity.SupplierKey("") != "" || identity.SupplierKey("\u2605") != "\u2605" {
		t.Error("a supplier without letters is its text, and none is none")
	}
	for _, reference := range []string{"T-1", "t-1", " T-1 ", "T -1", "\uff34-1"} {
		if got := identity.ReferenceKey(reference); got != "t-1" {
			t.Errorf("payment %q has the key %q", reference, got)
		}
	}
	if identity.ReferenceKey("T-1") == identity.ReferenceKey("T1") {
		t.Error("T-1 and T1 are two payments")
	}
}

// TestSpellingChangesNobody changes the case of letters and adds what does not show: the person, invoice, supplier and payment stay.
func TestSpellingChangesNobody(t *testing.T) {
	hidden := rapid.SampledFrom([]string{"", "", "\u200b", "\u00ad", "\ufeff", "\u2060"})
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zA-Z0-9@._\-]{1,20}`).Draw(t, "text")
		var other strings.Builder
		for _, r := range text {
			letter := string(r)
			if rapid.Bool().Draw(t, "swap case") {
				letter = strings.ToUpper(letter)
			}
			other.WriteString(letter + hidden.Draw(t, "hidden"))
		}
		spelt := strings.Repeat(" ", rapid.IntRange(0, 2).Draw(t, "before")) + other.String() + strings.Repeat("\u00a0", rapid.IntRange(0, 2).Draw(t, "after"))
		if !identity.SamePerson(text, spelt) || identity.LookAlike(text, spelt) {
			t.Fatalf("%q and %q are two people", text, spelt)
		}
		for what, key := range map[string]func(string) string{
			"invoice": identity.NumberKey, "supplier": identity.SupplierKey, "payment": identity.ReferenceKey, "likeness": identity.Likeness,
		} {
			if key(text) != key(spelt) {
				t.Fatalf("%s: %q has the key %q, %q has %q", what, text, key(text), spelt, key(spelt))
			}
		}
	})
}

// TestWhatIsDroppedComposesItsNeighbours is what TestKeysAreStable found: a spacing accent is a blank and an accent to Unicode.
func TestWhatIsDroppedComposesItsNeighbours(t *testing.T) {
	if got := identity.ReferenceKey("A\u00a8"); got != "\u00e4" || identity.ReferenceKey(got) != got {
		t.Errorf("the key of a payment is %q", got)
	}
	if got := identity.SupplierKey("\u1100-\u1161"); got != "\uac00" || identity.SupplierKey(got) != got { // a syllable, cut in two
		t.Errorf("the key of a supplier is %q", got)
	}
}

// TestKeysAreStable says that a key is its own key, whatever the text: so who keeps keys may compare them with text.
func TestKeysAreStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		for what, key := range map[string]func(string) string{
			"person": identity.PersonKey, "supplier": identity.SupplierKey, "payment": identity.ReferenceKey,
		} {
			if once := key(text); key(once) != once {
				t.Fatalf("%s: the key of %q is %q, and its key %q", what, text, once, key(once))
			}
		}
		if similar(text, text) || identity.LookAlike(text, text) || !identity.SamePerson(text, text) {
			t.Fatalf("%q is not itself", text)
		}
	})
}
