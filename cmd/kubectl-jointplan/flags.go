package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/labels"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
)

// strict makes a command and all below it refuse a wrong command line as such, before anything is read: what cobra itself refuses, flags and arguments
// that are empty, and values that no command takes. A flag that is given and empty is most often a variable that is not set; to go on without it would
// answer about another instant, another cluster or no files at all.
func strict(command *cobra.Command) {
	own := command.Args
	command.Args = func(c *cobra.Command, args []string) error {
		switch {
		case slices.Contains(args, ""):
			return usageError{errors.New("an argument is empty: is a variable not set?")}
		case own == nil:
			return nil
		}
		return own(c, args)
	}
	for _, flags := range []*pflag.FlagSet{command.Flags(), command.PersistentFlags()} {
		flags.VisitAll(func(flag *pflag.Flag) { flag.Value = checkedValue{Value: flag.Value, flag: flag} })
	}
	for _, below := range command.Commands() {
		strict(below)
	}
}

// checkedValue is the value of a flag that takes nothing wrong.
type checkedValue struct {
	pflag.Value

	flag *pflag.Flag
}

// Set sets the value, unless it is empty or wrong.
func (v checkedValue) Set(value string) error {
	name := "--" + v.flag.Name
	if value == "" {
		return valueError{fmt.Errorf("%s is empty: give it a value, or leave it out", name)}
	}
	if check := valueChecks[v.flag.Name]; check != nil {
		if err := check(name, value); err != nil {
			return valueError{err}
		}
	}
	return v.Value.Set(value)
}

// valueError is an error that names its flag and value.
type valueError struct{ error }

// flagError is an error of the parser of flags.
func flagError(_ *cobra.Command, err error) error {
	if wrong, ok := errors.AsType[valueError](err); ok {
		err = wrong.error
	}
	return usageError{err}
}

// valueChecks check the values of the flags that mean the same in all commands.
var valueChecks = map[string]func(flag, value string) error{
	"at": checkInstant, "until": checkInstant, "decided-time": checkInstant, "recorded-time": checkInstant,
	"held-on": checkDay, "next-review-on": checkDay, "claimed-on": checkDay, "requested-on": checkDay, "received": checkDay, "complete-through": checkDay,
	"through": checkDay,
	"party": func(flag, value string) error {
		return oneOfFold(flag, value, string(v1alpha1.PartyVendor), string(v1alpha1.PartyPartner))
	},
	"color": func(flag, value string) error { return oneOf(flag, value, "auto", "always", "never") },
	"namespace": func(flag, value string) error {
		if len(validation.ValidateNamespaceName(value, false)) > 0 {
			return fmt.Errorf("%s %q: is not the name of a namespace: lower-case letters, digits and hyphens", flag, value)
		}
		return nil
	},
	"selector": func(flag, value string) error {
		if _, err := labels.Parse(value); err != nil {
			return fmt.Errorf("%s %q: %w", flag, value, err)
		}
		return nil
	},
	"timeout": func(flag, value string) error {
		if d, err := time.ParseDuration(value); err != nil || d <= 0 {
			return fmt.Errorf("%s %s: must be a time to wait, such as 30s", flag, value)
		}
		return nil
	},
	"percent": func(flag, value string) error {
		if n, err := decimal.ParsePercent(v1alpha1.Percent(value)); err != nil || n.Sign() <= 0 {
			return fmt.Errorf("%s %q: must be a percentage such as 60", flag, value)
		}
		return nil
	},
	"amount": func(flag, value string) error {
		if n, err := decimal.Parse(v1alpha1.Decimal(value)); err != nil || n.Sign() <= 0 {
			return fmt.Errorf("%s %q: must be an amount such as 1500.00, without a currency or separators", flag, value)
		}
		return nil
	},
}

func checkInstant(flag, value string) error {
	_, err := instant(flag, value)
	return err
}

func checkDay(flag, value string) error {
	if _, err := fiscal.ParseDay(v1alpha1.Date(value)); err != nil {
		return fmt.Errorf("%s %q: must be a day such as 2026-11-03", flag, value)
	}
	return nil
}

// oneOfFold is oneOf for values that may be written in any case.
func oneOfFold(flag, value string, values ...string) error {
	if slices.ContainsFunc(values, func(one string) bool { return strings.EqualFold(one, value) }) {
		return nil
	}
	return oneOf(flag, value, values...)
}
