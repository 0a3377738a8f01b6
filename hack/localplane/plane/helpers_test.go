package plane

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Environment variables with which the tests steer the processes they start.
const (
	// actAsLauncher makes the test binary localplane itself.
	actAsLauncher = "LOCALPLANE_TEST_LAUNCHER"
	// behaviour is NAME:WHAT, what a server with this name does wrong:
	//   fail      it ends with an error
	//   taken     it ends because its port is taken, the first time
	//   deaf      it does not answer
	//   stubborn  it does not stop when told to
	behaviour = "LOCALPLANE_TEST_BEHAVIOUR"
)

// TestMain lets the test binary act as the servers, by the name it is called as,
// and as the launcher: the tests below need nothing that is built beforehand.
func TestMain(m *testing.M) {
	switch name := filepath.Base(os.Args[0]); {
	case name == etcdName || name == apiserverName || name == controllersName:
		os.Exit(fakeServer(name))
	case os.Getenv(actAsLauncher) != "":
		os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// fakeServer listens where the flags say and answers as a healthy server does.
func fakeServer(name string) int {
	flags := map[string]string{}
	for _, arg := range os.Args[1:] {
		key, value, _ := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
		flags[key] = value
	}
	who, what, _ := strings.Cut(os.Getenv(behaviour), ":")
	if who != name {
		what = ""
	}
	switch what {
	case "fail":
		for i := range 20 {
			fmt.Fprintf(os.Stderr, "line %d\n", i+1)
		}
		return 1
	case "taken":
		marker := filepath.Join(filepath.Dir(os.Args[0]), "was-taken")
		if _, err := os.Stat(marker); err != nil {
			_ = os.WriteFile(marker, nil, 0o600)
			fmt.Fprintln(os.Stderr, "listen tcp: bind: address already in use")
			return 1
		}
	case "stubborn":
		signal.Ignore(syscall.SIGTERM)
	}
	where := address(0)
	cert, key := flags["tls-cert-file"], flags["tls-private-key-file"]
	if name == etcdName {
		parsed, err := url.Parse(flags["listen-client-urls"])
		if err != nil {
			return 2
		}
		where, cert, key = parsed.Host, flags["cert-file"], flags["key-file"]
	} else {
		where = loopback + ":" + flags["secure-port"]
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case what == "deaf":
			http.Error(w, "[+]ping ok\n[-]patience failed\n", http.StatusInternalServerError)
		case r.URL.Path == "/version":
			fmt.Fprint(w, `{"gitVersion":"v0.0.0-fake"}`)
		default:
			fmt.Fprint(w, `{"health":"true"}`)
		}
	})
	server := &http.Server{Addr: where, Handler: handler, TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	fmt.Fprintln(os.Stderr, server.ListenAndServeTLS(cert, key))
	return 1
}

// fakeAssets returns a folder with fake servers of the given names.
func fakeAssets(t *testing.T, names ...string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range names {
		if err := os.Symlink(self, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// allServers are the names of a complete control plane.
var allServers = []string{etcdName, apiserverName, controllersName}

// launcher returns a command that runs localplane with the given arguments.
func launcher(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), actAsLauncher+"=1")
	return cmd
}

// eventually polls until the condition holds.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	if !waitUntil(20*time.Second, nil, condition) {
		t.Fatalf("waited 20 s in vain until %s", what)
	}
}

// readState reads the state of a plane as another process would.
func readState(t *testing.T, dir string) state {
	t.Helper()
	s, err := loadState(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// assertGone fails if a process of the state is alive, or a port taken.
func assertGone(t *testing.T, s state) {
	t.Helper()
	if len(s.Servers) == 0 || len(s.Ports) != portCount {
		data, _ := json.Marshal(s)
		t.Fatalf("the state tells of no servers: %s", data)
	}
	for _, one := range s.Servers {
		if one.alive() {
			t.Errorf("%s (pid %d) still runs", one.Name, one.PID)
		}
	}
	for _, port := range s.Ports {
		if !portFree(port) {
			t.Errorf("port %d is still taken", port)
		}
	}
}
