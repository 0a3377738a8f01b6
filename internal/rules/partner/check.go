package partner

import (
	"fmt"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/verdict"
)

// checkDates finds days that cannot be read, and what is recorded as done in the future. Agreement, invoices and joining are facts; a certificate
// may well be recorded before it begins.
func (s *moment) checkDates(findings *verdict.Findings) {
	spec := &s.partner.Spec
	s.fact("spec.memberSince", spec.MemberSince, findings)
	s.fact("spec.recordedOn", spec.RecordedOn, findings)
	if spec.Tier != nil {
		s.day("spec.tier.since", spec.Tier.Since, findings)
	}
	if spec.Agreement != nil {
		s.fact("spec.agreement.signedOn", spec.Agreement.SignedOn, findings)
		s.day("spec.agreement.endsOn", spec.Agreement.EndsOn, findings)
	}
	for i := range spec.Competencies {
		field := fmt.Sprintf("spec.competencies[%d]", i)
		s.day(field+".from", spec.Competencies[i].From, findings)
		s.day(field+".through", spec.Competencies[i].Through, findings)
	}
	for i := range spec.Invoices {
		field := fmt.Sprintf("spec.invoices[%s]", spec.Invoices[i].Number)
		s.day(field+".dueOn", spec.Invoices[i].DueOn, findings)
		s.fact(field+".paidOn", spec.Invoices[i].PaidOn, findings)
	}
}

// checkMarkets finds territories and segments that the program's catalogues do not have.
func (s *moment) checkMarkets(findings *verdict.Findings) {
	if s.program == nil {
		return
	}
	const covers = "the partner covers nothing with it: program %s has %s (or have the program owner add it to spec.%s)"
	for i, name := range s.partner.Spec.Territories {
		if unknown := s.program.UnknownTerritory(name); unknown != "" {
			findings.Warningf(RuleMarketUnknown, fmt.Sprintf("spec.territories[%d]", i), covers, s.program.Name, unknown, "territories")
		}
	}
	for i := range s.partner.Spec.Competencies {
		for k, name := range s.partner.Spec.Competencies[i].Territories {
			if unknown := s.program.UnknownTerritory(name); unknown != "" {
				findings.Warningf(RuleMarketUnknown, fmt.Sprintf("spec.competencies[%d].territories[%d]", i, k), covers, s.program.Name, unknown, "territories")
			}
		}
	}
	for i, name := range s.partner.Spec.Segments {
		if unknown := s.program.UnknownSegment(name); unknown != "" {
			findings.Warningf(RuleMarketUnknown, fmt.Sprintf("spec.segments[%d]", i), covers, s.program.Name, unknown, "segments")
		}
	}
}

// checkPeople notes holders of a competency whose names look alike: each counts, and somebody has to know that they are two people.
func (s *moment) checkPeople(findings *verdict.Findings) {
	type look struct {
		competency v1alpha1.Name
		likeness   string
	}
	first := map[look]string{}
	for i := range s.partner.Spec.Competencies {
		c := &s.partner.Spec.Competencies[i]
		name, at := string(c.Person), look{c.Name, identity.Likeness(string(c.Person))}
		switch other, known := first[at]; {
		case at.likeness == "":
		case !known:
			first[at] = name
		case !identity.SamePerson(name, other):
			findings.Warningf(RulePeopleLookAlike, fmt.Sprintf("spec.competencies[%d].person", i), "%q and %q look alike and count as two holders of %s: if they are "+
				"one person, use one spelling", other, name, c.Name)
		}
	}
}

// day checks a day that may lie in the future.
func (s *moment) day(field string, date v1alpha1.Date, findings *verdict.Findings) fiscal.Day {
	if date == "" {
		return 0
	}
	day, err := fiscal.ParseDay(date)
	if err != nil {
		findings.Errorf(RuleDateInvalid, field, "%s: it does not count until this is corrected", err)
	}
	return day
}

// fact checks a day on which something was done.
func (s *moment) fact(field string, date v1alpha1.Date, findings *verdict.Findings) {
	day := s.day(field, date, findings)
	if s.program == nil || day <= s.today {
		return
	}
	s.starts(day)
	findings.Warningf(RuleDateInFuture, field, "%s is in the future, so it counts from that day on only: correct the day, or record it when it is done", day)
}

// checkAgreement notes that it cannot be told whether the agreement has lapsed, where the rules ask.
func (s *moment) checkAgreement(findings *verdict.Findings) {
	asked := slices.ContainsFunc(s.rules.Standing, func(rule v1alpha1.StandingRule) bool { return rule.Cause == v1alpha1.CauseAgreementLapsed })
	if asked && s.partner.Spec.Agreement == nil {
		findings.Infof(RuleAgreementMissing, "spec.agreement", "no agreement is recorded, so whether it has lapsed is unknown: state when it was signed "+
			"and when it ends")
	}
}
