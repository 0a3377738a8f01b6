package table

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"jointplan.dev/jointplan/internal/fiscal"
)

// Grain is how exactly a text says when.
type Grain int

// Grains.
const (
	Days Grain = iota
	Months
	Quarters
)

// Format is how days are written, such as DD.MM.YYYY.
type Format struct {
	text  string
	match *regexp.Regexp
	parts []string // what each group of match is
	grain Grain
}

// tokens are the parts of a format. The longer ones come first.
var tokens = []struct{ token, pattern string }{
	{"YYYY", `([0-9]{4})`},
	{"MMM", `(\p{L}+)\.?`},
	{"YY", `([0-9]{2})`},
	{"MM", `([0-9]{2})`},
	{"DD", `([0-9]{2})`},
	{"M", `([0-9]{1,2})`},
	{"D", `([0-9]{1,2})`},
	{"Q", `([1-4])`},
}

// NewFormat reads a format.
func NewFormat(text string) (*Format, error) {
	f := &Format{text: text, grain: Months}
	pattern := "(?i)^"
	has := map[byte]bool{}
	for rest := text; rest != ""; {
		at := slices.IndexFunc(tokens, func(t struct{ token, pattern string }) bool { return strings.HasPrefix(rest, t.token) })
		if at < 0 {
			if c := rest[0]; c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
				return nil, fmt.Errorf("%q is not a format of days: %q has no meaning; write YYYY, YY, MM, M, DD, D, MMM and Q with what stands between them, such as DD.MM.YYYY", text, string(c))
			}
			pattern += regexp.QuoteMeta(rest[:1])
			rest = rest[1:]
			continue
		}
		token := tokens[at].token
		if token == "Q" && strings.HasPrefix(rest, "QQ") { // the letter, and the number
			pattern, token, rest = pattern+"Q", "Q", rest[1:]
		}
		if has[token[0]] {
			return nil, fmt.Errorf("%q is not a format of days: it has the %s twice", text, map[byte]string{'Y': "year", 'M': "month", 'D': "day", 'Q': "quarter"}[token[0]])
		}
		has[token[0]] = true
		pattern += tokens[at].pattern
		f.parts = append(f.parts, token)
		rest = rest[len(token):]
	}
	switch {
	case !has['Y']:
		return nil, fmt.Errorf("%q is not a format of days: it has no year (YYYY or YY)", text)
	case has['Q'] && !has['M'] && !has['D']:
		f.grain = Quarters
	case has['Q'] || !has['M']:
		return nil, fmt.Errorf("%q is not a format of days: it needs a month (MM, M or MMM), or else a quarter (Q)", text)
	case has['D']:
		f.grain = Days
	}
	var err error
	f.match, err = regexp.Compile(pattern + "$")
	return f, err
}

// Grain returns how exactly the format says when; Days for none.
func (f *Format) Grain() Grain {
	if f == nil {
		return Days
	}
	return f.grain
}

// String returns the format as it was written.
func (f *Format) String() string { return f.text }

// typed match what can mean one day only.
var (
	typed   = regexp.MustCompile(`^([0-9]{4})-([0-9]{2})-([0-9]{2})$`)
	german  = regexp.MustCompile(`^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})$`)
	slashed = regexp.MustCompile(`^[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{2,4}$`)
	timed   = regexp.MustCompile(`^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)\s*(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?$`)
)

// ReadDay reads a day in a format; nil reads what can mean one day only. Of a month or quarter it is the last day. An instant with its distance from UTC is
// the day of the calendar's time zone.
func ReadDay(cell Cell, format *Format, calendar *fiscal.Calendar) (fiscal.Day, error) {
	text := strings.TrimSpace(strings.Map(plainSpace, cell.Text))
	switch {
	case cell.Wrong != "":
		return 0, errors.New(cell.Wrong)
	case text == "":
		return 0, errors.New("there is no day")
	case cell.Day:
		on, err := inBounds(text)
		if err == nil && format.Grain() == Months {
			on = on.MonthEnd()
		}
		return on, err
	case format != nil:
		return format.read(text)
	}
	if typed.MatchString(text) {
		return inBounds(text)
	}
	if m := german.FindStringSubmatch(text); m != nil {
		return dayOf(m[3], m[2], m[1])
	}
	if m := timed.FindStringSubmatch(text); m != nil {
		return ofInstant(m, calendar)
	}
	switch {
	case cell.Stored:
		return 0, errors.New("is a number, not a day: format the cell as a date, or set day.format in the mapping, such as YYYYMMDD")
	case slashed.MatchString(text):
		return 0, errors.New("can be read in more than one way: set day.format in the mapping, such as DD/MM/YYYY or MM/DD/YYYY")
	default:
		return 0, errors.New("is not a day such as 2026-10-31: set day.format in the mapping to how days are written")
	}
}

// ofInstant returns the day of an instant.
func ofInstant(m []string, calendar *fiscal.Calendar) (fiscal.Day, error) {
	if m[3] == "" {
		return inBounds(m[1])
	}
	zone := m[3]
	switch {
	case zone == "Z":
		zone = "+00:00"
	case len(zone) == len("+02"):
		zone += ":00"
	case len(zone) == len("+0200"):
		zone = zone[:3] + ":" + zone[3:]
	}
	clock := m[2]
	if len(clock) == len("15:04") {
		clock += ":00"
	}
	at, err := time.Parse(time.RFC3339, m[1]+"T"+clock+zone)
	if err != nil {
		return 0, errors.New("is not an instant such as 2026-10-31T23:30:00Z")
	}
	if calendar == nil {
		calendar = fiscal.UTC()
	}
	return calendar.Today(at), nil
}

func (f *Format) read(text string) (fiscal.Day, error) {
	m := f.match.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("is not written as %s", f.text)
	}
	year, month, day, quarter := "", "", "", ""
	for i, part := range f.parts {
		switch part {
		case "YYYY":
			year = m[i+1]
		case "YY":
			year = "20" + m[i+1]
		case "MMM":
			number := monthOf(m[i+1])
			if number == 0 {
				return 0, fmt.Errorf("%q is not the name of a month", m[i+1])
			}
			month = strconv.Itoa(number)
		case "MM", "M":
			month = m[i+1]
		case "DD", "D":
			day = m[i+1]
		default:
			quarter = m[i+1]
		}
	}
	switch f.grain {
	case Quarters:
		on, err := dayOf(year, map[string]string{"1": "3", "2": "6", "3": "9", "4": "12"}[quarter], "1")
		return on.MonthEnd(), err
	case Months:
		on, err := dayOf(year, month, "1")
		return on.MonthEnd(), err
	default:
		return dayOf(year, month, day)
	}
}

func dayOf(year, month, day string) (fiscal.Day, error) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	return inBounds(fmt.Sprintf("%04d-%02d-%02d", y, m, d))
}

// inBounds reads a day of the years that results may have.
func inBounds(text string) (fiscal.Day, error) {
	at, err := time.Parse("2006-01-02", text)
	if err != nil {
		return 0, errors.New("is not a day of the calendar")
	}
	const first, last = 1970, 2200
	if at.Year() < first || at.Year() > last {
		return 0, fmt.Errorf("is not a day of the years %d to %d", first, last)
	}
	return fiscal.NewDay(at.Year(), at.Month(), at.Day()), nil
}

// months are the beginnings of the names of months in English, German, French, Spanish, Italian and Dutch, long enough to tell them apart.
var months = []struct {
	month  int
	begins []string
}{
	{1, []string{"jan", "jän", "ene", "gen"}},
	{2, []string{"feb", "fév", "fev"}},
	{3, []string{"mar", "mär", "mrt", "maa", "mrz"}},
	{4, []string{"apr", "avr", "abr"}},
	{5, []string{"may", "mai", "mag", "mei"}},
	{6, []string{"jun", "juin", "giu"}},
	{7, []string{"jul", "juil", "lug"}},
	{8, []string{"aug", "aoû", "aou", "ago"}},
	{9, []string{"sep", "set"}},
	{10, []string{"oct", "okt", "ott"}},
	{11, []string{"nov"}},
	{12, []string{"dec", "dez", "déc", "dic"}},
}

// monthOf returns the number of a month's name; 0 for none.
func monthOf(name string) int {
	key := Key(name)
	if key == "may" || strings.HasPrefix(key, "mayo") {
		return 5
	}
	for _, one := range months {
		for _, begin := range one.begins {
			if strings.HasPrefix(key, Key(begin)) {
				return one.month
			}
		}
	}
	return 0
}
