package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// inWords puts what a cluster, or the way to it, has against a command into words that say what to do.
func inWords(err error) error {
	var netError net.Error
	var unknownAuthority x509.UnknownAuthorityError
	switch {
	case err == nil || errors.Is(err, context.Canceled):
		return err
	case isUnknownKind(err):
		return fmt.Errorf("the cluster does not know the kinds of %s: install JointPlan there (see README.md), or choose another one with --context",
			v1alpha1.GroupName)
	case apierrors.IsUnauthorized(err):
		return errors.New("the cluster does not accept your credentials: log in again, or choose another user with --context")
	case apierrors.IsForbidden(err) && strings.Contains(reason(err), "ValidatingAdmissionPolicy"): // it says itself what to do
		return fmt.Errorf("you are not allowed to do that: %s", reason(err))
	case apierrors.IsForbidden(err):
		return fmt.Errorf("you are not allowed to do that: %s. Ask an administrator of the cluster for a role that has the right (docs/access.md lists them), or "+
			"choose a namespace that is yours with -n", reason(err))
	case apierrors.IsInvalid(err), apierrors.IsNotFound(err), apierrors.IsConflict(err), apierrors.IsAlreadyExists(err):
		return errors.New(reason(err))
	case errors.As(err, &unknownAuthority):
		return fmt.Errorf("the cluster's certificate is not trusted: %w. Check the certificate authority in the kubeconfig", err)
	case errors.As(err, &netError) && netError.Timeout():
		return fmt.Errorf("the cluster did not answer within the time of --timeout: %w. Check the connection, and kubectl config current-context", err)
	case errors.As(err, &netError):
		return fmt.Errorf("the cluster cannot be reached: %w. Check the connection, and kubectl config current-context", err)
	default:
		return err
	}
}

// isUnknownKind reports whether an API server does not have the kind that it was asked for, rather than no such object: then it answers with a page and
// not with a status.
func isUnknownKind(err error) bool {
	return apierrors.IsNotFound(err) && apierrors.HasStatusCause(err, metav1.CauseTypeUnexpectedServerResponse)
}

// reason returns what the API server says, without its preamble.
func reason(err error) string {
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		return status.Status().Message
	}
	return err.Error()
}
