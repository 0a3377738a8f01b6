package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"k8s.io/client-go/rest"
)

// freeAddress is one on which nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// probe returns the code of a probe's answer.
func probe(t *testing.T, address, path string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}

func TestAManagerWaitsForTheServer(t *testing.T) {
	const named = `{"kind":"SelfSubjectReview","apiVersion":"authentication.k8s.io/v1","status":{"userInfo":{"username":"system:serviceaccount:a:b"}}}`
	for name, tc := range map[string]struct {
		code    int // of the first answers
		account string
		err     string
	}{
		"unavailable, then there": {code: http.StatusServiceUnavailable, account: "system:serviceaccount:a:b"},
		"it fails, then there":    {code: http.StatusInternalServerError, account: "system:serviceaccount:a:b"},
		"it refuses":              {code: http.StatusUnauthorized, err: "ask the cluster for the name of the manager's account"},
	} {
		t.Run(name, func(t *testing.T) {
			probes, asked := freeAddress(t), 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				asked++
				w.Header().Set("Content-Type", "application/json")
				switch asked {
				case 1:
					w.WriteHeader(tc.code)
					return
				case 2:
					if live, ready := probe(t, probes, "/healthz"), probe(t, probes, "/readyz"); live != http.StatusOK || ready != http.StatusServiceUnavailable {
						t.Errorf("while it waits /healthz is %d and /readyz %d, want 200 and 503", live, ready)
					}
					w.WriteHeader(tc.code)
					return
				}
				w.WriteHeader(http.StatusCreated)
				_, _ = io.WriteString(w, named)
			}))
			defer server.Close()
			account, err := awaitServer(t.Context(), &rest.Config{Host: server.URL}, probes, time.Millisecond)
			if account != tc.account || (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("account %q, error %v", account, err)
			}
			if probe(t, probes, "/healthz") != 0 {
				t.Error("the address of the probes is still taken")
			}
		})
	}
}

func TestAServerThatNobodyListensForIsAway(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	_, err := awaitServer(ctx, &rest.Config{Host: "http://" + freeAddress(t)}, "0", time.Millisecond)
	if err == nil || ctx.Err() == nil {
		t.Errorf("it ended with %v before it was told to", err)
	}
}
