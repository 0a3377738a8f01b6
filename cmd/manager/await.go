package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
)

const (
	// askAgain is the time between two attempts to reach the API server.
	askAgain = 2 * time.Second
	// askFor is how long one attempt may take.
	askFor = 10 * time.Second
)

// awaitServer returns the user name of this manager as soon as the API server answers. A manager that lost its lease in an outage is started anew in it;
// if it ended at once it would be started later and later, up to five minutes after the outage.
func awaitServer(ctx context.Context, config *rest.Config, probes string, again time.Duration) (account string, err error) {
	account, err = askWithin(ctx, config)
	if err == nil || !away(err) {
		return account, err
	}
	ctrl.Log.Info("the API server does not answer: this manager waits for it", "error", err.Error())
	end := standIn(ctx, probes)
	defer end()
	for err != nil && away(err) {
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(again):
		}
		account, err = askWithin(ctx, config)
	}
	return account, err
}

func askWithin(ctx context.Context, config *rest.Config) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	return whoAmI(ctx, config)
}

// away reports whether an error says that the API server is not there, or not yet ready: not that it refuses.
func away(err error) bool {
	var connect *net.OpError
	return errors.As(err, &connect) || utilnet.IsConnectionReset(err) || utilnet.IsTimeout(err) || errors.Is(err, context.DeadlineExceeded) ||
		apierrors.IsServiceUnavailable(err) || apierrors.IsInternalError(err) || apierrors.IsServerTimeout(err) || apierrors.IsTimeout(err) ||
		apierrors.IsTooManyRequests(err)
}

// standIn answers the probes of a manager that waits: it lives, and is not ready. It returns what ends that.
func standIn(ctx context.Context, address string) (end func()) {
	if address == "0" {
		return func() {}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		ctrl.Log.Error(err, "the probes are not answered while this manager waits")
		return func() {}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "the API server does not answer", http.StatusServiceUnavailable)
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: askFor}
	go func() { _ = server.Serve(listener) }()
	return func() { _ = server.Close() }
}
