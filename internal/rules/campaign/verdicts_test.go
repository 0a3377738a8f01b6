package campaign_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/measure"
)

func TestStopRule(t *testing.T) {
	const tooLate = "; the campaign has ended, so there is nothing left to stop"
	cost := func(w *world, amount v1alpha1.Decimal) { w.measured("campaign-cost", "2026-09-30", amount) }
	leads := func(w *world, n v1alpha1.Decimal) { w.measured("qualified-leads", "2026-09-20", n) }
	for name, tc := range map[string]struct {
		change func(*world)
		now    string
		want   string
	}{
		"no stop rule": {
			change: func(w *world) { w.campaign.Spec.StopRule = nil },
			want:   "Unknown NoStopRule: no stop rule is set, so the cost per result is not checked: add spec.stopRule",
		},
		"before the campaign ends": {
			now:    "2026-09-30T23:59:59.999999999+02:00",
			change: func(w *world) { cost(w, "90000"); leads(w, "1") },
			want:   "Unknown NotYetJudged: judged from 2026-10-01: one result of qualified-leads may then cost at most EUR 250.00",
		},
		"from the day after its end": {
			now:    "2026-10-01",
			change: func(w *world) { cost(w, "12500"); leads(w, "40") },
			want: "False LimitExceeded: EUR 312.50 per result of qualified-leads, limit EUR 250.00; " +
				"40 qualified-leads for EUR 12,500.00 through 2026-09-30" + tooLate,
		},
		"before resultsFrom": {
			change: func(w *world) { w.campaign.Spec.Schedule.ResultsFrom = "2026-10-21"; cost(w, "12500") },
			want:   "Unknown NotYetJudged: judged from 2026-10-21: one result of qualified-leads may then cost at most EUR 250.00",
		},
		"from resultsFrom, while it runs": {
			now: "2026-09-21",
			change: func(w *world) {
				w.campaign.Spec.Schedule.ResultsFrom = "2026-09-21"
				w.measured("campaign-cost", "2026-09-21", "9")
				leads(w, "1")
			},
			want: "True WithinLimit: EUR 9.00 per result of qualified-leads, limit EUR 250.00; 1 qualified-leads for EUR 9.00 through 2026-09-21",
		},
		"results newer than the cost": {
			change: func(w *world) { cost(w, "10000"); w.measured("qualified-leads", "2026-10-05", "50") },
			want:   "True WithinLimit: EUR 200.00 per result of qualified-leads, limit EUR 250.00; 50 qualified-leads for EUR 10,000.00 through 2026-10-05",
		},
		"exactly the limit": {
			change: func(w *world) { cost(w, "10000"); leads(w, "40") },
			want:   "True WithinLimit: EUR 250.00 per result of qualified-leads, limit EUR 250.00; 40 qualified-leads for EUR 10,000.00 through 2026-09-30",
		},
		"above the limit by less than a cent shows why": {
			change: func(w *world) { cost(w, "10000.01"); leads(w, "40") },
			want: "False LimitExceeded: EUR 250.00025 per result of qualified-leads, limit EUR 250.00; " +
				"40 qualified-leads for EUR 10,000.01 through 2026-09-30" + tooLate,
		},
		"above the limit by next to nothing": {
			change: func(w *world) { cost(w, "250000000.01"); leads(w, "1000000") },
			want: "False LimitExceeded: more than EUR 250.00 per result of qualified-leads, limit EUR 250.00; " +
				"1,000,000 qualified-leads for EUR 250,000,000.01 through 2026-09-30" + tooLate,
		},
		"a limit of less than a cent": {
			change: func(w *world) { w.campaign.Spec.StopRule.MaxCostPerResult = "0.125"; cost(w, "12.8"); leads(w, "100") },
			want: "False LimitExceeded: EUR 0.128 per result of qualified-leads, limit EUR 0.125; " +
				"100 qualified-leads for EUR 12.80 through 2026-09-30" + tooLate,
		},
		"cost and no results, within what one may cost": {
			change: func(w *world) { cost(w, "250") },
			want:   "True WithinLimit: no qualified-leads yet, and the cost of EUR 250.00 through 2026-09-30 is within the limit of EUR 250.00 per result",
		},
		"cost and no results, above what one may cost": {
			change: func(w *world) { cost(w, "250.01") },
			want:   "False LimitExceeded: no qualified-leads for EUR 250.01 through 2026-09-30, limit EUR 250.00 per result" + tooLate,
		},
		"cost and zero results": {
			change: func(w *world) { cost(w, "300"); leads(w, "0") },
			want:   "False LimitExceeded: no qualified-leads for EUR 300.00 through 2026-09-30, limit EUR 250.00 per result" + tooLate,
		},
		"results and no cost": {
			change: func(w *world) { leads(w, "40") },
			want:   "Unknown MissingResults: no cost is measured: record it as campaign-cost in a MeasurementSet about this campaign",
		},
		"a program without a cost metric": {
			change: func(w *world) { w.program.Metrics[5].Role = ""; leads(w, "40") },
			want:   "Unknown MissingResults: the cost is not known: the program has no metric with role Cost; the vendor must add one to spec.metrics of the program",
		},
		"a metric that does not exist": {
			change: func(w *world) { w.campaign.Spec.StopRule.Metric = "leads" },
			want:   "Unknown NotEvaluated: not judged: correct spec.stopRule and spec.schedule as the findings say",
		},
		"a limit of zero": {
			change: func(w *world) { w.campaign.Spec.StopRule.MaxCostPerResult = "0" },
			want:   "Unknown NotEvaluated: not judged: correct spec.stopRule and spec.schedule as the findings say",
		},
		"a schedule that is wrong": {
			change: func(w *world) { w.campaign.Spec.Schedule.EndsOn = "2026-09-31" },
			want:   "Unknown NotEvaluated: not judged: correct spec.stopRule and spec.schedule as the findings say",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			tc.change(w)
			if tc.now == "" {
				tc.now = "2026-10-20"
			}
			got, _ := w.at(tc.now)
			if got := verdictOf(got, v1alpha1.ConditionWithinStopRule); got != tc.want {
				t.Errorf("WithinStopRule = %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestAligned(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*world)
		now    string
		want   string
	}{
		"the initiatives of its activity": {
			want: `True Aligned: carries out activity "autumn-webinars" of the plan of record and serves cloud-migration`,
		},
		"its own initiatives": {
			change: func(w *world) {
				w.campaign.Spec.Initiatives = []v1alpha1.Name{"security", "cloud-migration"}
				w.campaign.Spec.Schedule.EndsOn = "2026-10-01"
			},
			want: `True Aligned: carries out activity "autumn-webinars" of the plan of record and serves cloud-migration, security`,
		},
		"an initiative that is over, and one that is not": {
			change: func(w *world) { w.campaign.Spec.Initiatives = []v1alpha1.Name{"old-erp", "cloud-migration"} },
			want:   `True Aligned: carries out activity "autumn-webinars" of the plan of record and serves cloud-migration`,
		},
		"initiatives that are over or yet to come": {
			change: func(w *world) { w.campaign.Spec.Initiatives = []v1alpha1.Name{"security", "old-erp"} },
			want: "False NotAligned: none of its initiatives (old-erp, security) is in force from 2026-09-01 through 2026-09-30: " +
				"name one of the program's that is",
		},
		"an initiative that does not exist": {
			change: func(w *world) { w.campaign.Spec.Initiatives = []v1alpha1.Name{"cloud"} },
			want:   "False NotAligned: the program has none of its initiatives (cloud): name one of the program's",
		},
		"no initiative": {
			change: func(w *world) { w.plans[0].Spec.Activities[0].Initiatives = nil; w.approve() },
			want: `False NotAligned: neither the campaign nor activity "autumn-webinars" of the plan names an initiative of the program: ` +
				"name one in spec.initiatives",
		},
		"a plan that is not approved": {
			change: func(w *world) { w.decisions = w.decisions[:1] },
			want:   `False PlanNotApproved: plan "acme-h1" has no plan of record: it is aligned once every party has approved the plan`,
		},
		"a plan that is approved tomorrow": {
			change: func(w *world) { w.approveOn(instant("2026-10-21T10:00:00+02:00")) },
			want:   `False PlanNotApproved: plan "acme-h1" has no plan of record: it is aligned once every party has approved the plan`,
		},
		"a plan that is approved at this instant": {
			change: func(w *world) { w.approveOn(instant("2026-10-20T00:00:00+02:00")) },
			want:   `True Aligned: carries out activity "autumn-webinars" of the plan of record and serves cloud-migration`,
		},
		"an approved revision that nobody kept": {
			change: func(w *world) { w.plans[0].Spec.Vision = "edited" },
			want: `Unknown NotEvaluated: not judged: the content of the approved revision of plan "acme-h1" is kept nowhere; ` +
				"its parties must approve the plan anew",
		},
		"no activity": {
			change: func(w *world) { w.campaign.Spec.Activity = "" },
			want: "False NotInPlan: the campaign names no activity of the plan: name one in spec.activity " +
				"(the plan of record has autumn-webinars, fair)",
		},
		"no activity, in a plan of many": {
			change: func(w *world) {
				w.campaign.Spec.Activity = ""
				for _, name := range []v1alpha1.Name{"g", "f", "e", "d", "a"} {
					w.plans[0].Spec.Activities = append(w.plans[0].Spec.Activities, v1alpha1.PlannedActivity{Name: name, Type: "Webinar"})
				}
				w.approve()
			},
			want: "False NotInPlan: the campaign names no activity of the plan: name one in spec.activity " +
				"(the plan of record has a, autumn-webinars, d, e, f and 2 more)",
		},
		"no activity, in a plan without": {
			change: func(w *world) { w.campaign.Spec.Activity = ""; w.plans[0].Spec.Activities = nil; w.approve() },
			want: "False NotInPlan: the campaign names no activity and the plan of record has none: " +
				"add it to the plan and name it in spec.activity",
		},
		"a misspelt activity": {
			change: func(w *world) { w.campaign.Spec.Activity = "autumn-webinar" },
			want:   `False NotInPlan: the plan of record has no activity "autumn-webinar": did you mean "autumn-webinars"?`,
		},
		"an activity like no other": {
			change: func(w *world) { w.campaign.Spec.Activity = "mailing" },
			want:   `False NotInPlan: the plan of record has no activity "mailing": name one that it has, or amend the plan`,
		},
		"an activity of the amendment": {
			change: func(w *world) {
				w.keepRevision()
				w.plans[0].Spec.Activities = append(w.plans[0].Spec.Activities, v1alpha1.PlannedActivity{Name: "mailing", Type: "Webinar"})
				w.campaign.Spec.Activity = "mailing"
			},
			want: `False NotInPlan: activity "mailing" is in the amendment of plan "acme-h1", not in the plan of record: ` +
				"it counts once every party has approved the amendment",
		},
		"an activity that the amendment drops": {
			change: func(w *world) { w.keepRevision(); w.plans[0].Spec.Activities = nil },
			want:   `True Aligned: carries out activity "autumn-webinars" of the plan of record and serves cloud-migration`,
		},
		"an activity of another type": {
			change: func(w *world) { w.campaign.Spec.Activity = "fair" },
			want: `False NotInPlan: the campaign is a Webinar, but activity "fair" of the plan of record is a TradeShow: ` +
				"write that type, or amend the plan",
		},
		"a schedule that is wrong": {
			change: func(w *world) { w.campaign.Spec.Schedule.StartsOn = "2026-09-31" },
			want:   "Unknown NotEvaluated: not judged: correct spec.schedule as the findings say",
		},
		"days outside the plan's are a finding only": {
			change: func(w *world) { w.campaign.Spec.Schedule.StartsOn = "2026-08-01" },
			want:   `True Aligned: carries out activity "autumn-webinars" of the plan of record and serves cloud-migration`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			if tc.change != nil {
				tc.change(w)
			}
			got, _ := w.at("2026-10-20")
			if got := verdictOf(got, v1alpha1.ConditionAligned); got != tc.want {
				t.Errorf("Aligned = %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestFindings(t *testing.T) {
	finding := func(severity v1alpha1.Severity, rule, field, message string) v1alpha1.Finding {
		return v1alpha1.Finding{Rule: rule, Severity: severity, Field: field, Message: message}
	}
	for name, tc := range map[string]struct {
		change func(*world)
		want   v1alpha1.Finding
	}{
		"a type that is not in the catalogue": {
			func(w *world) {
				w.campaign.Spec.Type = "Webinars"
				w.plans[0].Spec.Activities[0].Type = "Webinars"
				w.approve()
			},
			finding("Error", "ActivityTypeUnknown", "spec.type", `the program has no activity "Webinars": did you mean "Webinar"?`),
		},
		"a type other than the activity's": {
			func(w *world) { w.campaign.Spec.Type = "TradeShow" },
			finding("Warning", "ActivityTypeDiffers", "spec.type",
				`the campaign is a TradeShow, but activity "autumn-webinars" of the plan of record is a Webinar: write that type, or amend the plan`),
		},
		"a goal that is not in the plan": {
			func(w *world) { w.campaign.Spec.Goals = []v1alpha1.Name{"cloud-revenu"} },
			finding("Error", "GoalUnknown", "spec.goals[cloud-revenu]", `plan "acme-h1" has no goal "cloud-revenu": did you mean "cloud-revenue"?`),
		},
		"a goal of the amendment": {
			func(w *world) {
				w.keepRevision()
				w.plans[0].Spec.Goals = append(w.plans[0].Spec.Goals, v1alpha1.Goal{Name: "users"})
				w.campaign.Spec.Goals = []v1alpha1.Name{"users"}
			},
			finding("Info", "GoalNotApproved", "spec.goals[users]", `goal "users" is in the amendment of plan "acme-h1", not in the plan of record: `+
				"it counts once every party has approved the amendment"),
		},
		"an initiative that does not exist": {
			func(w *world) { w.campaign.Spec.Initiatives = []v1alpha1.Name{"securty"} },
			finding("Error", "InitiativeUnknown", "spec.initiatives[securty]", `the program has no initiative "securty": did you mean "security"?`),
		},
		"a step with a metric that does not exist": {
			func(w *world) { w.campaign.Spec.Funnel[1].Metric = "qualified-lead" },
			finding("Error", "MetricUnknown", "spec.funnel[qualified-lead].metric",
				`the program has no metric "qualified-lead": did you mean "qualified-leads"?`),
		},
		"a step that expects less than nothing": {
			func(w *world) { w.campaign.Spec.Funnel[1].Expected = "-5" },
			finding("Error", "ExpectedInvalid", "spec.funnel[qualified-leads].expected", "-5 was found: what is expected must be 0 or more"),
		},
		"a step that expects no number": {
			func(w *world) { w.campaign.Spec.Funnel[1].Expected = "1e9" },
			finding("Error", "ExpectedInvalid", "spec.funnel[qualified-leads].expected",
				`"1e9" is not a plain decimal number such as 1250 or 12.5: an exponent is not allowed (allowed are at most 15 digits before and 6 after `+
					"the point, no exponent, no separators, no leading zeros, no sign on zero)"),
		},
		"a step that expects more than the one before": {
			func(w *world) { w.campaign.Spec.Funnel[1].Expected = "1400" },
			finding("Warning", "FunnelGrows", "spec.funnel[qualified-leads].expected",
				"1,400 qualified-leads are expected of 400 registrations: check the order of the steps and their figures"),
		},
		"a stop rule on a metric that does not exist": {
			func(w *world) { w.campaign.Spec.StopRule.Metric = "qualifiedleads" },
			finding("Error", "MetricUnknown", "spec.stopRule.metric", `the program has no metric "qualifiedleads": did you mean "qualified-leads"?`),
		},
		"a stop rule without a limit": {
			func(w *world) { w.campaign.Spec.StopRule.MaxCostPerResult = "0.00" },
			finding("Error", "StopLimitInvalid", "spec.stopRule.maxCostPerResult",
				"0.00 was found: the limit must be above zero: write the most that one result may cost"),
		},
		"a cost in another currency": {
			func(w *world) { w.campaign.Spec.Cost.Currency = "USD" },
			finding("Error", "CurrencyMismatch", "spec.cost.currency",
				`"USD" is not the program's currency: state the amount in EUR; until then it is not used`),
		},
		"an MDF in another currency": {
			func(w *world) { w.campaign.Spec.MDF.Currency = "USD" },
			finding("Error", "CurrencyMismatch", "spec.mdf.currency",
				`"USD" is not the program's currency: state the amount in EUR; until then it is not used`),
		},
		"a cost with too many digits": {
			func(w *world) { w.campaign.Spec.Cost.Amount = "10000.005" },
			finding("Error", "AmountInvalid", "spec.cost.amount",
				`"10000.005" has too many digits after the point (3): EUR amounts have at most 2, such as "12.50"; until this is corrected the amount is not used`),
		},
		"an MDF below zero": {
			func(w *world) { w.campaign.Spec.MDF.Amount = "-1" },
			finding("Error", "AmountInvalid", "spec.mdf.amount", "-1 is negative: write 0 or more; until then the amount is not used"),
		},
		"more MDF than cost": {
			func(w *world) { w.campaign.Spec.MDF.Amount = "10000.01" },
			finding("Warning", "MDFAboveCost", "spec.mdf",
				"EUR 10,000.01 of MDF is requested for a campaign that is expected to cost EUR 10,000.00: request the cost or less"),
		},
		"a margin that is not a percentage": {
			func(w *world) { w.campaign.Spec.MarginPercent = "25%" },
			finding("Error", "PercentInvalid", "spec.marginPercent", `"25%" is not a percentage from 0 to 1000 such as 60 or 2.5: `+
				"a percent sign is not allowed (allowed are at most 3 digits after the point, no percent sign)"),
		},
		"a margin above the revenue": {
			func(w *world) { w.campaign.Spec.MarginPercent = "100.5" },
			finding("Warning", "MarginAboveRevenue", "spec.marginPercent",
				"a margin of 100.5 percent is more than the revenue: write the share of revenue that is margin, at most 100"),
		},
		"a first day that does not exist": {
			func(w *world) { w.campaign.Spec.Schedule.StartsOn = "2026-09-31" },
			finding("Error", "DateInvalid", "spec.schedule.startsOn", `"2026-09-31" is not a calendar day: September 2026 has the days 01 to 30`),
		},
		"a judgement day that does not exist": {
			func(w *world) { w.campaign.Spec.Schedule.ResultsFrom = "2026-09-31" },
			finding("Error", "DateInvalid", "spec.schedule.resultsFrom", `"2026-09-31" is not a calendar day: September 2026 has the days 01 to 30`),
		},
		"an end before the start": {
			func(w *world) { w.campaign.Spec.Schedule.EndsOn = "2026-08-31" },
			finding("Error", "ScheduleInvalid", "spec.schedule",
				"the campaign starts on 2026-09-01 and ends on 2026-08-31: endsOn must not be before startsOn"),
		},
		"a judgement before the start": {
			func(w *world) { w.campaign.Spec.Schedule.ResultsFrom = "2026-08-31" },
			finding("Error", "ScheduleInvalid", "spec.schedule.resultsFrom",
				"results cannot be judged from 2026-08-31, before the campaign starts on 2026-09-01: write a later day"),
		},
		"a day before the activity's": {
			func(w *world) { w.campaign.Spec.Schedule.StartsOn = "2026-08-31" },
			finding("Warning", "ScheduleOutsidePlan", "spec.schedule", "runs from 2026-08-31 through 2026-09-30, but the plan has activity "+
				`"autumn-webinars" from 2026-09-01 through 2026-10-31: move the campaign, or amend the plan`),
		},
		"a day after the period, for an activity without days": {
			func(w *world) {
				w.plans[0].Spec.Activities[0].From, w.plans[0].Spec.Activities[0].Through = "", ""
				w.approve()
				w.campaign.Spec.Schedule.EndsOn = "2027-01-01"
			},
			finding("Warning", "ScheduleOutsidePlan", "spec.schedule", "runs from 2026-09-01 through 2027-01-01, but the plan has activity "+
				`"autumn-webinars" from 2026-07-01 through 2026-12-31: move the campaign, or amend the plan`),
		},
		"a day after the period, for an activity with days beyond it": {
			func(w *world) {
				w.plans[0].Spec.Activities[0].From, w.plans[0].Spec.Activities[0].Through = "2026-06-01", "2027-03-31"
				w.approve()
				w.campaign.Spec.Schedule.EndsOn = "2027-01-01"
			},
			finding("Warning", "ScheduleOutsidePlan", "spec.schedule", "runs from 2026-09-01 through 2027-01-01, but the plan has activity "+
				`"autumn-webinars" from 2026-07-01 through 2026-12-31: move the campaign, or amend the plan`),
		},
		"months in which nobody buys": {
			func(w *world) { w.plans[0].Spec.Segment = "schools"; w.approve() },
			finding("Info", "OutOfSeason", "spec.schedule", "runs from 2026-09-01 through 2026-09-30, in months in which the season curve of "+
				`segment "schools" expects no results: move the campaign, or check the curve`),
		},
		"no audience": {
			func(w *world) { w.campaign.Spec.Audience = nil },
			finding("Info", "AudienceVague", "spec.audience", "no audience is stated: say whom the campaign addresses and how many they are"),
		},
		"an audience of neither segment nor size": {
			func(w *world) { w.campaign.Spec.Audience = &v1alpha1.Audience{Description: "all"} },
			finding("Info", "AudienceVague", "spec.audience",
				"the audience has no segment and no size: say whom the campaign addresses and how many they are"),
		},
		"an audience without segment": {
			func(w *world) { w.campaign.Spec.Audience.Segment = "" },
			finding("Info", "AudienceVague", "spec.audience.segment", "the audience has no segment: say whom the campaign addresses and how many they are"),
		},
		"an audience without size": {
			func(w *world) { w.campaign.Spec.Audience.Size = nil },
			finding("Info", "AudienceVague", "spec.audience.size", "the audience has no size: say whom the campaign addresses and how many they are"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			tc.change(w)
			got, _ := w.at("2026-10-20")
			if diff := cmp.Diff([]v1alpha1.Finding{tc.want}, got.Findings); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			wantReady := "True Evaluated: evaluated; the spec has no errors"
			if tc.want.Severity == v1alpha1.SeverityError {
				wantReady = "False InvalidSpec: " + tc.want.Field + ": " + tc.want.Message
			}
			if ready := verdictOf(got, v1alpha1.ConditionReady); ready != wantReady {
				t.Errorf("Ready = %s\nwant %s", ready, wantReady)
			}
		})
	}
}

func TestASoundCampaignHasNoFindings(t *testing.T) {
	for name, change := range map[string]func(*world){
		"as it is":                    func(*world) {},
		"a funnel that ends in money": func(w *world) { w.campaign.Spec.Funnel[3].Expected = "9000000" },
		"a step that all reach":       func(w *world) { w.campaign.Spec.Funnel[1].Expected = "400" },
		"money after money": func(w *world) {
			w.campaign.Spec.Funnel = append(w.campaign.Spec.Funnel, v1alpha1.FunnelStep{Metric: "new-revenue", Expected: "300000"})
		},
		"MDF for all of the cost":            func(w *world) { w.campaign.Spec.MDF.Amount = "10000" },
		"a margin of all the revenue":        func(w *world) { w.campaign.Spec.MarginPercent = "100" },
		"the first and last day of activity": func(w *world) { w.campaign.Spec.Schedule.EndsOn = "2026-10-31" },
		"judged from its first day":          func(w *world) { w.campaign.Spec.Schedule.ResultsFrom = "2026-09-01" },
		"a season that has begun": func(w *world) {
			w.plans[0].Spec.Segment = "schools"
			w.plans[0].Spec.Activities[0].From = "2026-08-31"
			w.approve()
			w.campaign.Spec.Schedule.StartsOn = "2026-08-31"
		},
		"a season without any weight is the program's mistake": func(w *world) {
			w.plans[0].Spec.Segment = "schools"
			w.approve()
			w.program.SeasonCurves[0].MonthWeights = weights()
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			change(w)
			if got, _ := w.at("2026-10-20"); got.Findings != nil {
				t.Errorf("findings = %v, want none", got.Findings)
			}
		})
	}
}

func TestWhatIsWrongInTheMeasurementsIsAFindingOfTheCampaignToo(t *testing.T) {
	w := newWorld()
	w.measured("qualified-leads", "2026-09-10", "30")
	w.sets = append(w.sets, w.sets[0].DeepCopy())
	w.sets[1].Name, w.sets[1].Spec.Source = "sheet", "sheet"
	got, _ := w.at("2026-10-20")
	if len(got.Findings) != 1 || got.Findings[0].Rule != measure.RuleSecondSource || got.Leads != "30" {
		t.Errorf("leads %s, findings %v; want 30, and a second source found", got.Leads, got.Findings)
	}
}
