package gitops

import (
	"fmt"
	"strings"
	"testing"
	"time"

	appv1 "github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
)

// refusedPlan has a relative target without a baseline, which the API server refuses.
const refusedPlan = `apiVersion: channel.jointplan.dev/v1alpha1
kind: JointPlan
metadata: {name: finch-refused, namespace: partner-finch}
spec:
  partnerRef: {name: finch}
  period: {fiscalYear: 2027, part: Q3}
  goals:
  - name: cloud-revenue
    metric: new-revenue
    target: {mode: IncreaseByPercent, value: "10"}
`

// lateRequest is a request by its name and its day.
const lateRequest = `apiVersion: channel.jointplan.dev/v1alpha1
kind: MDFAllocation
metadata: {name: %s, namespace: partner-acme}
spec:
  planRef: {name: acme-fy27-h1}
  budgetRef: {name: northwind-fy27}
  requestedBy: paula.reimann@acme.example
  requestedOn: %q
  activity: customer-day
  startsOn: "2026-12-08"
  endsOn: "2026-12-08"
  place: Hamburg
  audience: Customers of the first half
  cost: {amount: "200.00", currency: EUR}
  reimbursementPercent: "50"
  amount: {amount: "100.00", currency: EUR}
`

// misspeltPlan names a metric that its program does not have, which only the operator can find.
const misspeltPlan = `apiVersion: channel.jointplan.dev/v1alpha1
kind: JointPlan
metadata: {name: finch-misspelt, namespace: partner-finch}
spec:
  partnerRef: {name: finch}
  period: {fiscalYear: 2027, part: Q4}
  goals:
  - name: cloud-revenue
    metric: new-revenu
    target: {mode: Absolute, value: "20000"}
`

// refusedBudget has an amount with more digits than its currency has, which the API server refuses.
const refusedBudget = `apiVersion: channel.jointplan.dev/v1alpha1
kind: MDFBudget
metadata: {name: refused}
spec:
  programRef: {name: northwind}
`

// mistake is a commit with one manifest that the API server refuses and a change that is right.
type mistake struct {
	app           string
	refused, file string
	manifest      string
	want          string // what the API server says
	right         thing
	field         []string
	path, was, is string // the change that is right
}

// aRefusedManifestIsReportedAndTheRestApplied commits a manifest that the API server refuses together with a change that is right. Argo CD reports
// the field and the remedy, what is right is applied all the same, and nothing else of the Application is touched, although much in it waits for
// people. The commit that takes the manifest back is delivered at the next attempt.
func aRefusedManifestIsReportedAndTheRestApplied(t *testing.T) {
	for name, m := range map[string]mistake{
		"of a partner": {
			app: partnerApplication("finch"), refused: "finch-refused", file: partnerFile("finch", "refused.yaml"), manifest: refusedPlan,
			want:  "spec.goals[0].baseline: Required value: a relative target needs a baseline: add baseline, or use mode Absolute",
			right: ours("campaigns", "partner-finch", "finch-service-webinar"), field: []string{"spec", "title"},
			path: partnerFile("finch", "campaigns.yaml"), was: "What happens to your server room", is: "Your server room, and then?",
		},
		"of the vendor": {
			app: programApplication, refused: "refused", file: "budgets/refused.yaml", manifest: refusedBudget,
			want:  "spec.amount: Required value",
			right: ours("partners", "partner-finch", "finch"), field: []string{"spec", "displayName"},
			path: partnerFile("finch", "partner.yaml"), was: "Finch IT Services", is: "Finch IT",
		},
	} {
		t.Run(name, func(t *testing.T) { testMistake(t, m) })
	}
}

func testMistake(t *testing.T, m mistake) {
	t.Helper()
	begin(t)
	before := healths(compare(t, m.app))
	here.repo.write(t, m.file, m.manifest)
	here.repo.replace(t, m.path, m.was, m.is)
	revision := push(t, "one manifest that is refused, and one change that is right")
	compare(t, m.app)

	awaitApplication(t, m.app, func(app *appv1.Application) string {
		state := app.Status.OperationState
		if state == nil || state.SyncResult == nil || state.SyncResult.Revision != revision || !strings.Contains(state.Message, "Retrying attempt") {
			return explain(app)
		}
		for _, one := range state.SyncResult.Resources {
			switch {
			case one.Name == m.refused && !strings.Contains(one.Message, m.want):
				t.Errorf("Argo CD says %q, want %q", one.Message, m.want)
			case one.Name != m.refused && one.Status != "Synced":
				t.Errorf("%s %s is %s: %s", one.Kind, one.Name, one.Status, one.Message)
			}
		}
		return ""
	})
	if found := text(read(t, m.right), m.field...); found != m.is {
		t.Errorf("%s of %s is %q: the rest of the commit is not applied", strings.Join(m.field, "."), m.right, found)
	}
	after := compare(t, m.app)
	now := healths(after)
	for name, health := range before {
		if now[name] != health {
			t.Errorf("%s was %s and is %s", name, health, now[name])
		}
	}
	for _, one := range after.Status.Resources {
		if wrong := one.Name == m.refused; wrong != (one.Status == appv1.SyncStatusCodeOutOfSync) {
			t.Errorf("%s %s is %s", one.Kind, one.Name, one.Status)
		}
	}
	begin(t)
}

// aRequestThatArrivesLateIsRefused commits a request that states a day of two days before: Argo CD says what to do. Dated on the day on which it arrives
// it is delivered.
func aRequestThatArrivesLateIsRefused(t *testing.T) {
	begin(t)
	request, app, file := ours("mdfallocations", "partner-acme", "acme-of-monday"), partnerApplication("acme"), partnerFile("acme", "late.yaml")
	dated := func(day time.Time) string {
		return fmt.Sprintf(lateRequest, request.name, day.UTC().Format(time.DateOnly))
	}
	here.repo.write(t, file, dated(time.Now().AddDate(0, 0, -2)))
	push(t, "a request of two days before")
	awaitRefusal(t, app, request, "which is more than a day before it is written: what is delivered later counts from the day on which it arrives, "+
		"so set that day; only an account with the verb backdate on mdfallocations vouches for an earlier one")

	here.repo.write(t, file, dated(time.Now()))
	deliver(t, app, "the request as of today")
	begin(t)
}

// aMistakeThatOnlyTheOperatorFindsIsDegraded commits a plan that the API server accepts and the operator cannot judge: it is synced, and its health says
// which field is wrong and what was probably meant.
func aMistakeThatOnlyTheOperatorFindsIsDegraded(t *testing.T) {
	begin(t)
	app := partnerApplication("finch")
	here.repo.write(t, partnerFile("finch", "misspelt.yaml"), misspeltPlan)
	deliver(t, app, "a plan with a misspelt metric")
	const want = `spec.goals[cloud-revenue].metric: program northwind has no metric "new-revenu": did you mean "new-revenue"?`
	if message := awaitHealth(t, app, "JointPlan", "finch-misspelt", "Degraded"); !strings.Contains(message, want) {
		t.Errorf("Argo CD says %q, want %q", message, want)
	}

	here.repo.replace(t, partnerFile("finch", "misspelt.yaml"), "new-revenu\n", "new-revenue\n")
	deliver(t, app, "the metric as it is spelt")
	awaitHealth(t, app, "JointPlan", "finch-misspelt", "Healthy")
}

// healths returns the health of each object of an Application.
func healths(app *appv1.Application) map[string]string {
	found := map[string]string{}
	for _, one := range app.Status.Resources {
		if one.Health != nil {
			found[fmt.Sprintf("%s %s/%s", one.Kind, one.Namespace, one.Name)] = string(one.Health.Status)
		}
	}
	return found
}
