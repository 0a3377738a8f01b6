package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// silent is an API server that takes every connection and never answers.
func silent(t *testing.T) (url string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			if _, err := listener.Accept(); err != nil {
				return
			}
		}
	}()
	return "http://" + listener.Addr().String()
}

// manifestIn writes a manifest into a new file.
func manifestIn(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "partner.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// argumentsOf are what each command needs to ask a cluster.
var argumentsOf = map[string][]string{
	"tree": nil, "explain": {"plan/h1"}, "actions": nil, "report": nil, "benchmark": nil, "catalog": nil, "status": nil, "rebuild-ledger": {"fy27"},
	"diff": {"-f", plans}, "lint": {"-f", plans, "--cluster"}, "approve": {"plan/h1", "--yes"}, "submit": {"h1", "--yes"}, "return": {"plan/h1", "--yes", "--comment", "x"},
	"reject": {"plan/h1", "--yes", "--comment", "x"}, "confirm": {"r1", "--yes"}, "dispute": {"r1", "--yes", "--comment", "x"},
	"uphold": {"r1", "--yes", "--comment", "x"}, "dismiss": {"r1", "--yes", "--comment", "x"}, "reward": {"partner/p", "--reward", "r", "--period", "FY2027-Q1"},
	"claim":  {"request-1", "--cost", "A-1:B:10.00:2026-11-02"},
	"review": {"h1", "--yes", "--party", "Vendor", "--held-on", "2026-11-03", "--outcome", "OnTrack", "--attendee", "A:Vendor", "--attendee", "B:Partner", "--no-actions", "x"},
}

func TestTimeoutEndsEveryCommand(t *testing.T) {
	url, tried := silent(t), 0
	for _, command := range newCommand().Commands() {
		if command.Flags().Lookup("server") == nil {
			continue
		}
		name := command.Name()
		args, known := argumentsOf[name]
		if !known {
			t.Errorf("%s asks a cluster, and is not tried here", name)
			continue
		}
		for _, more := range [][]string{nil, {"--wait"}, {"-f", plans}, {"-f", plans, "--wait"}} {
			if name != "status" && more != nil {
				continue
			}
			tried++
			line := slices.Concat([]string{name, "--server", url, "--timeout", "50ms", "-n", "partner-acme"}, args, more)
			want := exitFailed
			if name == "diff" {
				want = exitInput
			}
			got := kubectlJointplan(t, "", line...)
			if got.Code != want || !strings.Contains(got.Stderr, "--timeout") || strings.Contains(got.Stderr, "--help") {
				t.Errorf("%q: exit code %d, want %d; stderr:\n%s", line, got.Code, want, got.Stderr)
			}
		}
	}
	if tried < 20 {
		t.Errorf("%d command lines were tried", tried)
	}
}

func TestCtrlCEndsWaitingForACluster(t *testing.T) {
	for _, line := range [][]string{{"tree"}, {"status", "--wait"}, {"tree", "-w"}, {"diff", "-f", plans}, {"rebuild-ledger", "fy27"}} {
		ctx, interrupt := context.WithCancel(t.Context())
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
			interrupt()
			<-request.Context().Done()
		}))
		var out, problems bytes.Buffer
		code := execute(ctx, append(line, "--server", server.URL), strings.NewReader(""), &out, &problems)
		if code != exitInterrupted || problems.String() != "interrupted\n" {
			t.Errorf("%q: exit code %d, stderr:\n%s", line, code, problems.String())
		}
		server.Close()
	}
}

// apiServer is an API server that has a partner, and answers as a test says.
type apiServer struct {
	mutex sync.Mutex
	asked []string // paths
	more  func(number int, w http.ResponseWriter, r *http.Request) (answered bool)
}

// evaluatedFrom is the number of the request from which on the partner of an apiServer is evaluated.
const evaluatedFrom = 6

func (s *apiServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.asked = append(s.asked, r.URL.Path)
	if s.more != nil && s.more(len(s.asked), w, r) {
		return
	}
	const group = "/apis/channel.jointplan.dev/v1alpha1/"
	switch {
	case r.URL.Path == group+"namespaces/partner-acme/partners/acme":
		partner := &v1alpha1.Partner{}
		partner.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("Partner"))
		partner.Name, partner.Namespace, partner.Generation = "acme", "partner-acme", 1
		if len(s.asked) >= evaluatedFrom {
			partner.Status.ObservedGeneration = 1
			partner.Status.Conditions = []metav1.Condition{{Type: "Ready", Status: "True", Reason: "Evaluated", ObservedGeneration: 1}}
		}
		answer(w, http.StatusOK, partner)
	case strings.HasPrefix(r.URL.Path, group):
		for _, k := range kinds.All() {
			if k.Plural == path.Base(r.URL.Path) {
				answer(w, http.StatusOK, map[string]any{"apiVersion": v1alpha1.GroupVersion.String(), "kind": k.Name + "List", "items": []any{}})
				return
			}
		}
		refuse(w, http.StatusNotFound, metav1.StatusReasonNotFound)
	case r.URL.Path == "/api/v1/namespaces/there":
		answer(w, http.StatusOK, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "there"}})
	case r.URL.Path == "/api/v1/namespaces/hidden":
		refuse(w, http.StatusForbidden, metav1.StatusReasonForbidden)
	default:
		refuse(w, http.StatusNotFound, metav1.StatusReasonNotFound)
	}
}

func refuse(w http.ResponseWriter, code int32, reason metav1.StatusReason) {
	answer(w, int(code), &metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: metav1.StatusFailure, Code: code, Reason: reason, Message: "refused: " + string(reason),
	})
}

func answer(w http.ResponseWriter, code int, with any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(with) //nolint:errchkjson // what the test answers with can be encoded
}

// hangUp ends the connection without an answer.
func hangUp(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = connection.Close()
	}
}

func TestWaitSurvivesARestart(t *testing.T) {
	t.Parallel()
	file := manifestIn(t, strings.Replace(alone, "{name: acme}", "{name: acme, namespace: partner-acme}", 1))
	restarts := map[string]func(int, http.ResponseWriter) bool{
		"while it waits": func(number int, w http.ResponseWriter) bool {
			switch number {
			case 2:
				hangUp(w)
			case 3:
				refuse(w, http.StatusServiceUnavailable, metav1.StatusReasonServiceUnavailable)
			case 4:
				refuse(w, http.StatusForbidden, metav1.StatusReasonForbidden) // who may do what is not known yet
			case 5:
				http.NotFound(w, nil) // nor the kinds
			default:
				return false
			}
			return true
		},
		"before it waits": func(number int, w http.ResponseWriter) bool {
			switch number {
			case 1:
				hangUp(w)
			case 2:
				refuse(w, http.StatusInternalServerError, metav1.StatusReasonInternalError)
			default:
				return false
			}
			return true
		},
	}
	for name, restart := range restarts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := &apiServer{more: func(number int, w http.ResponseWriter, _ *http.Request) bool { return restart(number, w) }}
			server := httptest.NewServer(api)
			defer server.Close()
			got := kubectlJointplan(t, "", "status", "-f", file, "--wait", "--server", server.URL)
			if got.Code != exitOK || !strings.Contains(got.Stdout, "partner/acme  Healthy") || strings.Count(got.Stderr, "Asking again.") != 1 {
				t.Errorf("exit code %d, stdout:\n%s\nstderr:\n%s", got.Code, got.Stdout, got.Stderr)
			}
			for _, path := range api.asked {
				if path != "/apis/channel.jointplan.dev/v1alpha1/namespaces/partner-acme/partners/acme" {
					t.Errorf("it asked for %s: the kinds need no discovery", path)
				}
			}
		})
	}
}

func TestWaitDoesNotInsistWhereThatCannotHelp(t *testing.T) {
	t.Parallel()
	file := manifestIn(t, alone)
	for want, refusal := range map[string]func(http.ResponseWriter){
		"you are not allowed to do that: ":                             func(w http.ResponseWriter) { refuse(w, http.StatusForbidden, metav1.StatusReasonForbidden) },
		"the cluster does not accept your credentials: ":               func(w http.ResponseWriter) { refuse(w, http.StatusUnauthorized, metav1.StatusReasonUnauthorized) },
		"the cluster does not know the kinds of " + v1alpha1.GroupName: func(w http.ResponseWriter) { http.NotFound(w, nil) },
	} {
		api := &apiServer{more: func(_ int, w http.ResponseWriter, _ *http.Request) bool { refusal(w); return true }}
		server := httptest.NewServer(api)
		got := kubectlJointplan(t, "", "status", "-f", file, "--wait", "--server", server.URL)
		if got.Code != exitFailed || !strings.HasPrefix(got.Stderr, want) || len(api.asked) != 1 {
			t.Errorf("exit code %d after %d requests, stderr:\n%s\nwant %s", got.Code, len(api.asked), got.Stderr, want)
		}
		server.Close()
	}
}

func TestANamespaceThatDoesNotExist(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(&apiServer{})
	defer server.Close()
	for namespace, want := range map[string]result{
		"nowhere": {Code: exitFailed, Stderr: "there is no namespace nowhere: look in another one with -n, or in all with -A\n"},
		"there":   {Stdout: "Nothing here in namespace there: look in another one with -n, or in all with -A.\n"},
		"hidden": {
			Stdout: "Nothing here in namespace hidden: look in another one with -n, or in all with -A.\n",
			Stderr: "You are not allowed to get namespaces, so whether there is a namespace hidden is not known.\n",
		},
		"": {Stdout: "Nothing here in the cluster.\n"},
	} {
		for _, command := range []string{"tree", "actions", "report", "status", "explain"} {
			line := []string{command, "--server", server.URL}
			if command == "explain" {
				line = append(line, "plan/h1")
			}
			if line = append(line, "-n", namespace); namespace == "" {
				line[len(line)-2], line = "-A", line[:len(line)-1]
			}
			got := kubectlJointplan(t, "", line...)
			switch {
			case got.Code != want.Code && (command != "explain" || got.Code != exitFailed):
				t.Errorf("%q: exit code %d, want %d; stderr %q", line, got.Code, want.Code, got.Stderr)
			case want.Code != exitOK && got != want:
				t.Errorf("%q: stderr %q, want %q", line, got.Stderr, want.Stderr)
			case command == "tree" && got != want:
				t.Errorf("%q: %+v, want %+v", line, got, want)
			}
		}
	}
}

func TestExitCodes(t *testing.T) {
	down := "http://127.0.0.1:1" // nobody listens there
	twisted := manifestIn(t, "{apiVersion: channel.jointplan.dev/v1alpha1, kind: Partner, metadata: {name: acme}}")
	unready := manifestIn(t, alone)
	story := func(args ...string) []string { return append(args, "--at", storyAt) }
	for name, tc := range map[string]struct {
		code int
		line []string
	}{
		"help":                         {exitOK, []string{}},
		"version":                      {exitOK, []string{"version"}},
		"a view":                       {exitOK, story("tree", "-f", plans)},
		"preview of what is Ready":     {exitOK, story("preview", "-f", plans, "--strict")},
		"preview of what is not Ready": {exitOK, story("preview", "-f", unready)},
		"nothing as grave":             {exitOK, story("lint", "-f", plans)},
		"all is evaluated":             {exitOK, story("status", "-f", plans)},
		"no differences":               {exitOK, story("diff", "-f", plans, "--base", plans, "--exit-code")},
		"differences, and nothing was said of them":  {exitOK, story("diff", "-f", unready, "--base", plans)},
		"something is not Ready":                     {exitFailed, story("preview", "-f", unready, "--strict")},
		"something is as grave":                      {exitFailed, story("lint", "-f", unready)},
		"something would be refused":                 {exitFailed, story("lint", "-f", twisted)},
		"a spec is wrong":                            {exitFailed, story("status", "-f", unready)},
		"differences":                                {exitFailed, story("diff", "-f", unready, "--base", plans, "--exit-code")},
		"there is no such object":                    {exitFailed, story("explain", "plan/none", "-f", plans)},
		"the cluster cannot be reached":              {exitFailed, []string{"tree", "--server", down}},
		"the time is over":                           {exitFailed, []string{"status", "--wait", "--timeout", "1ms", "--server", down}},
		"there is no budget to rebuild a ledger of":  {exitFailed, []string{"rebuild-ledger", "none", "--server", down}},
		"no such command":                            {exitInput, []string{"trea"}},
		"no such flag":                               {exitInput, []string{"tree", "--al"}},
		"a wrong value":                              {exitInput, []string{"tree", "-o", "xml"}},
		"a year that is not evaluated":               {exitInput, []string{"preview", "-f", plans, "--at", "9999-01-01T00:00:00Z"}},
		"manifests that would be refused":            {exitInput, story("preview", "-f", twisted)},
		"a file that is not there":                   {exitInput, story("lint", "-f", "nowhere.yaml")},
		"a base that is not there":                   {exitInput, story("lint", "-f", plans, "--base", "nowhere.yaml")},
		"a file for a view that is not there":        {exitInput, story("tree", "-f", "nowhere.yaml")},
		"the cluster to compare with is unreachable": {exitInput, []string{"diff", "-f", plans, "--server", down}},
	} {
		if got := kubectlJointplan(t, "", tc.line...); got.Code != tc.code || got.Code != exitOK && got.Stderr == "" {
			t.Errorf("%s: exit code %d, want %d; stderr:\n%s", name, got.Code, tc.code, got.Stderr)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, line := range [][]string{
		story("preview", "-f", plans), story("lint", "-f", plans), story("tree", "-f", plans), story("diff", "-f", plans, "--base", plans),
		story("lint", "-f", plans, "--base", plans),
		{"tree", "--server", down},
		{"diff", "-f", plans, "--server", down},
		{"status", "--wait", "--server", down},
	} {
		var out, problems bytes.Buffer
		if code := execute(gone, line, strings.NewReader(""), &out, &problems); code != exitInterrupted {
			t.Errorf("%q after Ctrl-C: exit code %d, stderr:\n%s", line, code, problems.String())
		}
	}
}

// TestHelpTellsExitCodes holds the help of commands to what the documentation says of all.
func TestHelpTellsExitCodes(t *testing.T) {
	for _, command := range newCommand().Commands() {
		_, codes, found := strings.Cut(command.Long, "Exit codes: ")
		if !found {
			continue
		}
		for _, code := range []int{exitOK, exitFailed, exitInput, exitInterrupted} {
			if !strings.Contains(codes, fmt.Sprintf("%d ", code)) {
				t.Errorf("%s says nothing of exit code %d: %s", command.Name(), code, codes)
			}
		}
	}
}
