package main

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// insistence asks a cluster again and again while its API server starts anew or cannot be reached.
type insistence struct {
	command  *cobra.Command
	ends     bool  // it asks once
	answered bool  // it had an answer
	trouble  error // why it has none now
}

// until asks until there is an answer, the context ends, or asking again cannot help.
func (i *insistence) until(ctx context.Context, ask func() error) error {
	for {
		err := ask()
		switch {
		case err == nil:
			i.answered, i.trouble = true, nil
			return nil
		case i.ends || ctx.Err() != nil || !i.passes(err):
			return err
		case i.trouble == nil:
			tellf(i.command, "%s. Asking again.\n", err)
		}
		i.trouble = err
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(statusPoll):
		}
	}
}

// passes reports whether an error may be over soon. A server that has answered may refuse anything in its first seconds: it does not know yet who may
// do what, nor our kinds.
func (i *insistence) passes(err error) bool {
	var usage usageError
	var untrusted x509.UnknownAuthorityError
	var unknown *net.DNSError
	var unreachable net.Error
	var refused apierrors.APIStatus
	switch {
	case errors.As(err, &usage), errors.As(err, &untrusted), errors.As(err, &unknown) && unknown.IsNotFound:
		return false
	case i.answered, errors.As(err, &unreachable):
		return true
	default:
		return errors.As(err, &refused) && (refused.Status().Code >= http.StatusInternalServerError || refused.Status().Code == http.StatusTooManyRequests)
	}
}

// because adds to what is not done why the cluster says nothing about it.
func (i *insistence) because(unfinished string) string {
	if i.trouble == nil {
		return unfinished
	}
	return unfinished + ". The cluster did not answer: " + i.trouble.Error()
}
