// Command kubectl-jointplan is the kubectl plugin: `kubectl jointplan`.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes.
const (
	exitFailed = 1 // the command could not do what was asked, or --strict found something not Ready
	exitInput  = 2 // the input or the command line is wrong
)

// usageError is an error in the command line.
type usageError struct{ error }

// inputError is an error in the manifests that were given.
type inputError struct{ error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command := newCommand()
	err := command.ExecuteContext(ctx)
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, err)
	stop()
	os.Exit(exitCode(err)) //nolint:gocritic // the deferred stop was called
}

func exitCode(err error) int {
	var input inputError
	var usage usageError
	if errors.As(err, &input) || errors.As(err, &usage) {
		return exitInput
	}
	return exitFailed
}

func newCommand() *cobra.Command {
	command := &cobra.Command{
		Use:           "kubectl-jointplan",
		Short:         "Evaluate joint marketing plans",
		Long:          "Evaluate joint marketing plans: what each plan's and partner's state is, why, and what to do next.",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		Annotations:   map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl jointplan"},
	}
	command.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w: see %s --help", err, c.CommandPath())}
	})
	command.AddCommand(newPreview())
	return command
}
