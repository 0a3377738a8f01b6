package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jointplan.dev/jointplan/internal/verdict"
)

// atMost returns a check that a command line has no more than a number of arguments.
func atMost(n int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > n {
			return usageError{fmt.Errorf("unexpected argument %q: at most %d can be given", args[n], n)}
		}
		return nil
	}
}

// ownColons says how a colon is written that does not divide the value of a flag.
const ownColons = ` (a colon of its own is written \:)`

// tooMany is ownColons for a value with more colons than it needs.
func tooMany(text string, needed int) string {
	if strings.Count(text, ":") > needed {
		return ownColons
	}
	return ""
}

// atColons divides the value of a flag at its colons into a largest number of parts, or as many as there are, without the spaces around them. After a
// backslash a colon divides nothing.
func atColons(text string, most int) []string {
	const own = "\x00" // no argument holds it
	parts := strings.SplitN(strings.ReplaceAll(text, `\:`, own), ":", most)
	for i := range parts {
		parts[i] = strings.TrimSpace(strings.ReplaceAll(parts[i], own, ":"))
	}
	return parts
}

// oneOf checks that a flag has one of some values.
func oneOf(flag, value string, values ...string) error {
	if slices.Contains(values, value) {
		return nil
	}
	return usageError{fmt.Errorf("%s %q: must be %s", flag, value, verdict.AnyOf(values))}
}
