package plan

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/revision"
	"jointplan.dev/jointplan/internal/rules/attainment"
	"jointplan.dev/jointplan/internal/verdict"
)

// maxScores is the number of revisions whose scores a status shows: the first ones, as what counts later is what was agreed early.
const maxScores = 6

// scoresByRevision scores the plan by the goals of the first revision that was of record, and of each later one that changed them. Whoever asks for a score by
// the original targets, or by those of a day, finds it here: a status holds no rule of anybody's bonus.
func (e *evaluation) scoresByRevision(book *measure.Book, current *attainment.Result) []v1alpha1.RevisionScore {
	var scores []v1alpha1.RevisionScore
	var before *v1alpha1.PlanTerms
	for _, record := range e.approval.History {
		if before != nil && record.Terms != nil && sameGoals(before, record.Terms) {
			continue
		}
		if before = record.Terms; len(scores) == maxScores {
			break
		}
		scores = append(scores, e.scoreBy(record, book, current))
	}
	return scores
}

// sameGoals reports whether two terms have the same goals, whatever their order and the way in which numbers are written.
func sameGoals(a, b *v1alpha1.PlanTerms) bool {
	return goalsOf(a) == goalsOf(b)
}

func goalsOf(terms *v1alpha1.PlanTerms) string {
	f := revision.Form{}
	f.Items("goal", revision.Of(terms.Goals, func(x *v1alpha1.Goal) revision.Form { return goalForm(x, terms.Period) }))
	return f.Revision()
}

// scoreBy scores the plan by the goals of a revision.
func (e *evaluation) scoreBy(record *Record, book *measure.Book, current *attainment.Result) v1alpha1.RevisionScore {
	approved := e.localDay(record.ApprovedTime).Date()
	if record.Terms == nil {
		return attainment.UnknownScore(approved)
	}
	if record.Terms == e.terms {
		return current.ByRevision(approved)
	}
	terms := *e.terms
	terms.Goals = record.Terms.Goals
	result := attainment.Evaluate(attainment.Input{
		Program: e.ground.program, RuleSet: e.ground.rules, Terms: &terms, Original: &terms, Span: e.ground.span, Book: book, Done: e.done, Now: e.now,
	}, &verdict.Findings{}, e.horizon)
	return result.ByRevision(approved)
}
