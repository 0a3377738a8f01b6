package fiscal_test

import (
	"archive/zip"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

// in returns the calendar of a zone.
func in(zone string) *fiscal.Calendar { return fiscal.MustNew(v1alpha1.Calendar{TimeZone: zone}) }

// zones are the files of all zones, by name.
var zones = sync.OnceValue(func() map[string][]byte {
	archive, err := zip.OpenReader("zoneinfo.zip")
	if err != nil {
		panic(err)
	}
	files := map[string][]byte{}
	for _, file := range archive.File {
		if from, err := file.Open(); err == nil && !strings.HasSuffix(file.Name, "/") {
			if files[file.Name], err = io.ReadAll(from); err != nil {
				panic(err)
			}
		}
	}
	return files
})

// zoneNames returns the names of all zones.
var zoneNames = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(zones())) })

// location returns a zone as the time package reads it.
func location(zone string) *time.Location {
	of, err := time.LoadLocationFromTZData(zone, zones()[zone])
	if err != nil {
		panic(err)
	}
	return of
}

// anyZone draws a zone, often one whose clocks change at midnight or that skipped or repeated a day.
var anyZone = rapid.Custom(func(t *rapid.T) string {
	odd := []string{
		"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kwajalein", "Pacific/Fakaofo", "America/Sao_Paulo",
		"America/Havana", "Asia/Beirut", "America/St_Johns", "America/Asuncion", "America/Santiago", "America/Nuuk", "Asia/Gaza", "Africa/Cairo",
		"Asia/Amman", "Asia/Tehran", "Atlantic/Azores", "Antarctica/Troll", "Antarctica/Casey", "Asia/Manila", "America/Toronto", "Africa/Casablanca",
	}
	if rapid.Bool().Draw(t, "odd") {
		return rapid.SampledFrom(odd).Draw(t, "zone")
	}
	return rapid.SampledFrom(zoneNames()).Draw(t, "zone")
})

// drawZonedDay draws a day of a zone, often one on which the zone's clocks change or the day after.
func drawZonedDay(t *rapid.T, zone string) fiscal.Day {
	d := usualDay.Draw(t, "day")
	if rapid.Bool().Draw(t, "any day") {
		return d
	}
	_, change := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, location(zone)).ZoneBounds()
	if change.IsZero() {
		return d
	}
	return fiscal.NewDay(change.Date()).AddDays(rapid.IntRange(-2, 2).Draw(t, "days from the change"))
}

func TestDaysStartAtTheFirstInstant(t *testing.T) {
	for name, test := range map[string]struct {
		zone       string
		day        v1alpha1.Date
		start, end string
	}{
		"UTC":                                  {"UTC", "2026-09-30", "2026-09-30T00:00:00Z", "2026-10-01T00:00:00Z"},
		"Berlin in summer":                     {"Europe/Berlin", "2026-08-08", "2026-08-08T00:00:00+02:00", "2026-08-09T00:00:00+02:00"},
		"Berlin forward, 23 hours":             {"Europe/Berlin", "2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"},
		"Berlin back, 25 hours":                {"Europe/Berlin", "2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"},
		"New York forward":                     {"America/New_York", "2026-03-08", "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00"},
		"New York back":                        {"America/New_York", "2026-11-01", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"},
		"Lord Howe back by half an hour":       {"Australia/Lord_Howe", "2026-04-05", "2026-04-05T00:00:00+11:00", "2026-04-06T00:00:00+10:30"},
		"Lord Howe forward by half an hour":    {"Australia/Lord_Howe", "2026-10-04", "2026-10-04T00:00:00+10:30", "2026-10-05T00:00:00+11:00"},
		"Apia before the skipped day":          {"Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"},
		"Apia, the skipped day":                {"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"},
		"Apia after the skipped day":           {"Pacific/Apia", "2011-12-31", "2011-12-31T00:00:00+14:00", "2012-01-01T00:00:00+14:00"},
		"Kwajalein, the skipped day":           {"Pacific/Kwajalein", "1993-08-21", "1993-08-21T12:00:00Z", "1993-08-21T12:00:00Z"},
		"Sao Paulo without midnight":           {"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00", "2018-11-05T00:00:00-02:00"},
		"Sao Paulo, 23 o'clock twice":          {"America/Sao_Paulo", "2018-02-17", "2018-02-17T00:00:00-02:00", "2018-02-18T00:00:00-03:00"},
		"Sao Paulo after 23 o'clock twice":     {"America/Sao_Paulo", "2018-02-18", "2018-02-18T00:00:00-03:00", "2018-02-19T00:00:00-03:00"},
		"Beirut without midnight":              {"Asia/Beirut", "2026-03-29", "2026-03-29T01:00:00+03:00", "2026-03-30T00:00:00+03:00"},
		"Beirut, 23 o'clock twice":             {"Asia/Beirut", "2026-10-24", "2026-10-24T00:00:00+03:00", "2026-10-25T00:00:00+02:00"},
		"Havana without midnight":              {"America/Havana", "2026-03-08", "2026-03-08T01:00:00-04:00", "2026-03-09T00:00:00-04:00"},
		"Havana, midnight twice":               {"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"},
		"St John's, back over midnight":        {"America/St_Johns", "2006-10-29", "2006-10-29T00:00:00-02:30", "2006-10-30T00:00:00-03:30"},
		"St John's before back over midnight":  {"America/St_Johns", "2006-10-28", "2006-10-28T00:00:00-02:30", "2006-10-29T00:00:00-02:30"},
		"leap day":                             {"Europe/Berlin", "2028-02-29", "2028-02-29T00:00:00+01:00", "2028-03-01T00:00:00+01:00"},
		"leap year's last day, rule known":     {"Europe/Berlin", "2028-12-31", "2028-12-31T00:00:00+01:00", "2029-01-01T00:00:00+01:00"},
		"leap year's last day, far future":     {"Australia/Lord_Howe", "2400-12-31", "2400-12-31T00:00:00+11:00", "2401-01-01T00:00:00+11:00"},
		"far future keeps the last known rule": {"Europe/Berlin", "2400-07-01", "2400-07-01T00:00:00+02:00", "2400-07-02T00:00:00+02:00"},
		"the last day":                         {"Europe/Berlin", "9999-12-31", "9999-12-31T00:00:00+01:00", "9999-12-31T23:59:59Z"},
	} {
		cal, d := in(test.zone), day(test.day)
		if got, want := cal.StartOf(d), instant(t, test.start); !got.Equal(want) {
			t.Errorf("%s: starts %v; want %v", name, got, want)
		}
		if got, want := cal.EndOf(d), instant(t, test.end); !got.Equal(want) {
			t.Errorf("%s: ends %v; want %v", name, got, want)
		}
	}
}

func TestTodayTurnsAtTheNanosecond(t *testing.T) {
	for name, test := range map[string]struct {
		zone   string
		at     string
		before v1alpha1.Date
		after  v1alpha1.Date
	}{
		"Berlin":                            {"Europe/Berlin", "2026-08-09T00:00:00+02:00", "2026-08-08", "2026-08-09"},
		"Apia skips a day":                  {"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-29", "2011-12-31"},
		"Sao Paulo, the second 24 o'clock":  {"America/Sao_Paulo", "2018-02-18T03:00:00Z", "2018-02-17", "2018-02-18"},
		"Sao Paulo, the first is none":      {"America/Sao_Paulo", "2018-02-18T02:00:00Z", "2018-02-17", "2018-02-17"},
		"St John's, the first midnight":     {"America/St_Johns", "2006-10-29T00:00:00-02:30", "2006-10-28", "2006-10-29"},
		"St John's stays when clocks fall":  {"America/St_Johns", "2006-10-29T00:01:00-02:30", "2006-10-29", "2006-10-29"},
		"St John's at the second midnight":  {"America/St_Johns", "2006-10-29T00:00:00-03:30", "2006-10-29", "2006-10-29"},
		"Havana, the second midnight":       {"America/Havana", "2026-11-01T00:00:00-05:00", "2026-11-01", "2026-11-01"},
		"an instant given in another zone":  {"Asia/Tokyo", "2026-08-08T10:00:00-05:00", "2026-08-08", "2026-08-09"},
		"before the first recorded change":  {"Europe/Berlin", "1800-01-01T12:00:00Z", "1800-01-01", "1800-01-01"},
		"after the last day there is":       {"Europe/Berlin", "9999-12-31T23:30:00Z", "9999-12-31", "9999-12-31"},
		"Kiribati, first to see a new year": {"Pacific/Kiritimati", "2026-12-31T10:00:00Z", "2026-12-31", "2027-01-01"},
	} {
		cal, at := in(test.zone), instant(t, test.at)
		if got := cal.Today(at.Add(-1)).Date(); got != test.before {
			t.Errorf("%s: a nanosecond before it is %s; want %s", name, got, test.before)
		}
		if got := cal.Today(at).Date(); got != test.after {
			t.Errorf("%s: it is %s; want %s", name, got, test.after)
		}
		if got := cal.Today(at.Add(1)).Date(); got != test.after {
			t.Errorf("%s: a nanosecond after it is %s; want %s", name, got, test.after)
		}
	}
}

func TestAbsentDayHasNoInstant(t *testing.T) {
	if cal := in("Europe/Berlin"); !cal.StartOf(0).IsZero() || !cal.EndOf(0).IsZero() {
		t.Error("an absent day starts or ends")
	}
}

func TestStartIsTheFirstInstantOfTheDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := anyZone.Draw(t, "zone")
		d := drawZonedDay(t, zone)
		cal := in(zone)
		start := cal.StartOf(d)
		if got := firstInstant(t, zone, d); !start.Equal(got) {
			t.Fatalf("%v in %s starts %v; want %v", d, zone, start, got)
		}
	})
}

func TestDaysTileTheTimeLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := anyZone.Draw(t, "zone")
		d := drawZonedDay(t, zone)
		cal := in(zone)
		start, end := cal.StartOf(d), cal.EndOf(d)
		if !end.Equal(cal.StartOf(d + 1)) {
			t.Fatalf("%v ends %v, but the next day starts %v", d, end, cal.StartOf(d+1))
		}
		if end.Before(start) || end.Sub(start) > 50*time.Hour {
			t.Fatalf("%v lasts from %v to %v", d, start, end)
		}
		if before := cal.Today(start.Add(-1)); before >= d {
			t.Fatalf("a nanosecond before %v starts it is %v", d, before)
		}
		if end.Equal(start) {
			if today := cal.Today(start); today <= d {
				t.Fatalf("skipped %v: it is %v", d, today)
			}
			return
		}
		within := start.Add(time.Duration(rapid.Int64Range(0, int64(end.Sub(start))-1).Draw(t, "nanoseconds into the day")))
		for _, at := range []time.Time{start, within, end.Add(-1)} {
			if today := cal.Today(at); today != d {
				t.Fatalf("at %v it is %v; want %v", at, today, d)
			}
		}
	})
}

func TestTodayNeverGoesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := anyZone.Draw(t, "zone")
		cal := in(zone)
		a := cal.StartOf(drawZonedDay(t, zone)).Add(time.Duration(rapid.Int64Range(-int64(26*time.Hour), int64(26*time.Hour)).Draw(t, "a")))
		b := a.Add(time.Duration(rapid.Int64Range(0, int64(26*time.Hour)).Draw(t, "b")))
		x, y := cal.Today(a), cal.Today(b)
		if x > y {
			t.Fatalf("at %v it is %v, at %v it is %v", a, x, b, y)
		}
		if held := a.Before(cal.EndOf(y)); held != (x <= y) {
			t.Fatalf("at %v a deadline on %v holds: %t, but today is %v", a, y, held, x)
		}
	})
}

func TestCalendarsAreSafeForConcurrentUse(t *testing.T) {
	cal := in("America/Sao_Paulo")
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for n := range 200 {
				d := day("2018-01-01").AddDays(n + i)
				if got := cal.Today(cal.StartOf(d)); got != d {
					t.Errorf("at the start of %v it is %v", d, got)
				}
				_ = cal.Label(cal.PeriodContaining(fiscal.Quarter, d))
				_ = cal.AddBusinessDays(d, 10)
				_, _ = fiscal.New(v1alpha1.Calendar{TimeZone: zoneNames()[n]})
			}
		})
	}
	group.Wait()
}

func TestEveryListedZoneLoads(t *testing.T) {
	if names := zoneNames(); len(names) < 500 {
		t.Errorf("there are %d zones", len(names))
	}
	for _, name := range zoneNames() {
		if _, problems := fiscal.New(v1alpha1.Calendar{TimeZone: name}); len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

// onHost is the environment variable by which a test knows that it runs on a host with zones of its own.
const onHost = "TEST_ON_A_HOST_WITH_ZONES"

// TestNoZoneOfTheHostIsTaken gives the names that a host may have beside those that every host has, and a host whose Europe/Berlin is another one: a
// program's days would begin at another instant than on the next host.
func TestNoZoneOfTheHostIsTaken(t *testing.T) {
	if os.Getenv(onHost) == "" { // the time package looks at ZONEINFO once in a process
		host := t.TempDir()
		for _, name := range []string{"localtime", "posixrules", "posix/Europe/Berlin", "right/Europe/Berlin", "Mine", "Europe/Berlin"} {
			file := filepath.Join(host, name)
			if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, zones()["Pacific/Kiritimati"], 0o600); err != nil {
				t.Fatal(err)
			}
		}
		again := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$")
		again.Env = append(os.Environ(), "ZONEINFO="+host, "TZ=Pacific/Kiritimati", onHost+"=1")
		if out, err := again.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	if of, err := time.LoadLocation("Europe/Berlin"); err != nil || instant(t, "2026-01-01T00:00:00Z").In(of).Hour() != 14 {
		t.Fatalf("the time package does not take the zones of the host: %v", err)
	}
	for _, name := range []string{
		"localtime", "posixrules", "posix/Europe/Berlin", "right/Europe/Berlin", "Mine", "Local", "/etc/localtime", "../Mine", "./Europe/Berlin",
		"Europe/../Mine", "Europe/", "/", ".", "europe/berlin", "EUROPE/BERLIN", "zoneinfo.zip", "tzdata.zi", "UTC0", "CET-1CEST", "+01:00", "Europe/Berlin ", "Europe//Berlin",
	} {
		_, problems := fiscal.New(v1alpha1.Calendar{TimeZone: name})
		want := strconv.Quote(name) + " is not the IANA name of a time zone, such as Europe/Berlin or UTC"
		if len(problems) != 1 || problems[0].Field != "timeZone" || !strings.HasPrefix(problems[0].Message, want) {
			t.Errorf("%q: %v", name, problems)
		}
	}
	if start, want := in("Europe/Berlin").StartOf(day("2026-01-01")), instant(t, "2025-12-31T23:00:00Z"); !start.Equal(want) {
		t.Errorf("2026-01-01 starts in Berlin at %v, want %v", start, want)
	}
}

// firstInstant finds the first second at which the wall clock shows d or a later day, by looking at the clock.
func firstInstant(t *rapid.T, zone string, d fiscal.Day) time.Time {
	in := location(zone)
	shows := func(at time.Time) bool { return fiscal.NewDay(at.In(in).Date()) >= d }
	at := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC).Add(-17 * time.Hour)
	for !shows(at) {
		at = at.Add(30 * time.Second)
	}
	for shows(at.Add(-time.Second)) {
		at = at.Add(-time.Second)
	}
	return at
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
