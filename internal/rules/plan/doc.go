// Package plan evaluates joint plans: approval and amendment, reviews, goals, SMART, alignment, sections and stage. It also
// evaluates the decisions on a plan and the revisions that are kept of it.
//
// Everything is a function of specs and an instant. A plan is evaluated under its plan of record, the last revision that every
// party approved; until there is one, under the current terms.
package plan
