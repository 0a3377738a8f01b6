package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"jointplan.dev/jointplan/internal/verdict"
)

// atMost returns a check that a command line has at most so many arguments.
func atMost(n int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > n {
			return usageError{fmt.Errorf("unexpected argument %q: at most %d can be given", args[n], n)}
		}
		return nil
	}
}

// oneOf checks that a flag has one of some values.
func oneOf(flag, value string, values ...string) error {
	if slices.Contains(values, value) {
		return nil
	}
	return usageError{fmt.Errorf("%s %q: must be %s", flag, value, verdict.AnyOf(values))}
}
