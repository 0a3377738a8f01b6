package program

import (
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

// calendarOf builds the calendar of a spec and lists what is wrong with it. Fields that are wrong are taken as absent, a wrong zone as
// UTC, so that there always is a calendar and the rest of the program can be evaluated.
func calendarOf(spec v1alpha1.Calendar) (*fiscal.Calendar, []fiscal.Problem) {
	calendar, problems := fiscal.New(spec)
	if len(problems) == 0 {
		return calendar, nil
	}
	for _, problem := range problems {
		field, _, _ := strings.Cut(problem.Field, "[")
		field, _, _ = strings.Cut(field, ".")
		switch field {
		case "timeZone":
			spec.TimeZone = "UTC"
		case "fiscalYearStart":
			spec.FiscalYearStart = ""
		case "fiscalYearNamedBy":
			spec.FiscalYearNamedBy = ""
		case "weekYear":
			spec.WeekYear = nil
		case "weekend":
			spec.Weekend = nil
		case "holidays":
			spec.Holidays = slices.DeleteFunc(slices.Clone(spec.Holidays), func(day v1alpha1.Date) bool {
				_, err := fiscal.ParseDay(day)
				return err != nil
			})
		}
	}
	if calendar, left := fiscal.New(spec); len(left) == 0 {
		return calendar, problems
	}
	return fiscal.UTC(), problems
}
