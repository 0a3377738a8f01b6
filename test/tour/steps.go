// Package tour runs the commands of the pages for readers on a local control plane of its own with the samples, at the instant at which they tell
// their story, and compares what is printed with what the pages show. test/pages says how a page marks what cannot be run.
package tour

import "jointplan.dev/jointplan/test/pages"

// step is a block of commands with what the page shows of their output.
type step struct {
	pages.Block

	outputs []pages.Block
}

// skipped is a block of commands that is not run.
type skipped struct {
	page, section, reason string
}

// stepsOf returns the blocks of a page that are run, and those that are not.
func stepsOf(page, text string) (run []step, not []skipped) {
	_, blocks := pages.Split(text)
	var last *step // whose output a block without language is
	for _, b := range blocks {
		switch {
		case b.Language == "sh" && b.NotTested() != "":
			not = append(not, skipped{page: page, section: b.Section, reason: b.NotTested()})
			last = nil
		case b.Language == "sh":
			run = append(run, step{Block: b})
			last = &run[len(run)-1]
		case b.Language == "" && last != nil && last.Section == b.Section:
			last.outputs = append(last.outputs, b)
		}
	}
	return run, not
}
