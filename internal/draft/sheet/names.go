package sheet

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/table"
)

const (
	// maxName is how many characters the name of an object may have.
	maxName = 63
	// maxPartner is how many a name that is made of a company's has: room for the prefix of its namespace and for the names of its plans.
	maxPartner = 40
)

// written are letters that are not written as a plain letter with a mark.
var written = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "æ", "ae", "ø", "oe", "å", "aa", "œ", "oe", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i",
	"&", " and ", "'", "", "’", "")

// Slug makes a name of a text: lower-case letters without marks, digits and hyphens. It is empty where nothing is left, as of other scripts, of which
// leaving out some letters would make another name.
func Slug(text string) string {
	text = written.Replace(norm.NFC.String(strings.ToLower(norm.NFKC.String(text))))
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(text) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r):
			return ""
		default:
			gap = true
		}
	}
	return b.String()
}

// legalForms are the forms of companies, as their slugs end. The longer ones come first.
var legalForms = []string{
	"gmbh-and-co-kgaa", "gmbh-and-co-kg", "gmbh-co-kg", "gmbh-and-co-ohg", "ag-and-co-kg", "ug-haftungsbeschraenkt", "spolka-z-o-o", "sp-z-o-o", "s-a-r-l", "s-p-a", "s-r-l",
	"s-r-o", "spol-s-r-o", "d-o-o", "s-l-u", "pty-ltd", "pte-ltd", "co-ltd", "and-co-kg", "p-l-c", "l-l-c",
	"a-s", "s-a", "s-l", "s-e", "b-v", "n-v", "e-k", "e-u", "e-v", "gmbh", "mbh", "ag", "kg", "ohg", "gbr", "ug", "se", "sa", "sas", "sarl", "srl", "spa", "sl", "slu", "bv", "nv",
	"ltd", "limited", "llc", "llp", "inc", "incorporated", "corp", "corporation", "plc", "ab", "as", "asa", "aps", "oy", "oyj", "sro", "kft", "zrt", "doo", "lda", "ek", "kgaa",
}

// PartnerName makes the name of a partner's object of its name for people: without the form of the company, as long as something else is left.
func PartnerName(title string) string {
	name := Slug(title)
	for again := true; again; {
		again = false
		for _, form := range legalForms {
			if bare, found := strings.CutSuffix(name, "-"+form); found && bare != "" {
				name, again = bare, true
				break
			}
		}
	}
	return shortened(name, maxPartner)
}

// shortened cuts a name between two of its words, if it is too long.
func shortened(name string, most int) string {
	if len(name) <= most {
		return name
	}
	cut := name[:most]
	if at := strings.LastIndexByte(cut, '-'); at > most/2 && name[most] != '-' {
		cut = cut[:at]
	}
	return strings.TrimRight(cut, "-")
}

var objectName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)

// objectName returns the name that a column gives an object; nothing if none does.
func (x *record) objectName(column string) string {
	name := x.text(column)
	if name != "" && (len(name) > maxName || !objectName.MatchString(name)) {
		x.rejectf(column, "is not a name: at most %d lower-case letters, digits and hyphens, which begins and ends with a letter or digit", maxName)
	}
	return name
}

var (
	yearFirst = regexp.MustCompile(`^(FY|GJ)?\s*([0-9]{4}|[0-9]{2})(?:[\s/-]*(YEAR|H[12]|Q[1-4]))?$`)
	partFirst = regexp.MustCompile(`^(H[12]|Q[1-4])[\s/-]*(FY|GJ)?\s*([0-9]{4}|[0-9]{2})$`)
)

// periodOf reads a period such as FY2027, FY27 H1 or Q3 FY2026. A year without FY means a fiscal year only where that is the calendar's.
func (in *intake) periodOf(text string) (v1alpha1.Period, error) {
	upper := strings.ToUpper(text)
	var marked, year, part string
	if m := yearFirst.FindStringSubmatch(upper); m != nil {
		marked, year, part = m[1], m[2], m[3]
	} else if m := partFirst.FindStringSubmatch(upper); m != nil {
		part, marked, year = m[1], m[2], m[3]
	} else {
		return v1alpha1.Period{}, fmt.Errorf("is not a period: write it as FY%d, FY%[1]d H1 or FY%[1]d Q3, or name columns with its first and last day", in.program.Calendar.FiscalYearOf(in.today))
	}
	number, err := strconv.ParseInt(year, 10, 32)
	if err != nil {
		return v1alpha1.Period{}, errors.New("is not a period: its year is not a number")
	}
	if len(year) == 2 {
		number += 2000
	}
	if marked == "" && (len(year) == 2 || in.program.Spec.Calendar.FiscalYearStart != "" && in.program.Spec.Calendar.FiscalYearStart != "01-01") {
		return v1alpha1.Period{}, fmt.Errorf("can be the calendar's year or the fiscal year: write FY%d%s if the fiscal year is meant", number, strings.TrimRight(" "+part, " "))
	}
	fiscalYear := int32(number) //nolint:gosec // at most four digits
	p := v1alpha1.Period{FiscalYear: &fiscalYear, Part: v1alpha1.PeriodPart(part)}
	if part == "" || part == "YEAR" {
		p.Part = v1alpha1.PartYear
	}
	return p, nil
}

// number returns an exact number that is not negative; nothing if the row has none.
func (x *record) number(name, currency string) (value *big.Rat) {
	cell := x.cell(name)
	if cell.Text == "" {
		return nil
	}
	mark := map[string]table.Mark{"Point": table.Point, "Comma": table.Comma}[string(x.in.spec.DecimalMark)]
	n, err := table.ReadNumber(cell, mark)
	if err != nil {
		x.rejectf(name, "%s", err)
		return nil
	}
	if n.Currency != "" && currency != "" && !table.IsCurrency(n.Currency, currency) {
		x.rejectf(name, "is in %s instead of %s; nothing is converted: convert it, or correct the currency", n.Currency, currency)
		return nil
	}
	if n.Value.Sign() < 0 {
		x.rejectf(name, "must not be negative")
		return nil
	}
	return n.Value
}

// currency returns the currency of an amount: that of its column, else that which stands with the amount, else the program's.
func (x *record) currency(amount string) v1alpha1.CurrencyCode {
	code := v1alpha1.CurrencyCode(strings.ToUpper(x.text("currency")))
	if code == "" {
		if n, err := table.ReadNumber(x.cell(amount), table.AnyMark); err == nil && len(n.Currency) == len("EUR") {
			code = v1alpha1.CurrencyCode(n.Currency)
		}
	}
	if code == "" {
		return x.in.program.Spec.Currency
	}
	if _, err := money.Digits(code); err != nil {
		x.rejectf("currency", "%s", err)
	}
	return code
}

// decimalOf writes a number as specs have it, with no more digits than a currency has; "" where that is not exact.
func decimalOf(r *big.Rat, most int) v1alpha1.Decimal {
	digits, exact := r.FloatPrec()
	if !exact || digits > most {
		return ""
	}
	return v1alpha1.Decimal(r.FloatString(digits))
}

// chosen returns which of some words a text means, whatever its capitals and spaces.
func chosen(text string, words []string) string {
	at := slices.IndexFunc(words, func(word string) bool {
		return table.Key(word) == table.Key(text) || strings.EqualFold(word, Slug(text)) || strings.EqualFold(word, strings.ReplaceAll(text, " ", ""))
	})
	if at < 0 {
		return ""
	}
	return words[at]
}
