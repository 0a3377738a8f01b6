package plane

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFreePortsAreFreeAndDifferent(t *testing.T) {
	ports, err := freePorts(20, nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{}
	for _, port := range ports {
		if seen[port] {
			t.Errorf("port %d came twice", port)
		}
		seen[port] = true
		if !portFree(port) {
			t.Errorf("port %d is not free", port)
		}
	}
}

func TestFreePortsPrefersThoseOfBeforeButNotATakenOne(t *testing.T) {
	before, err := freePorts(3, nil)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", address(before[1]))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if portFree(before[1]) {
		t.Errorf("port %d passes for free while it is taken", before[1])
	}
	now, err := freePorts(3, before)
	if err != nil {
		t.Fatal(err)
	}
	if now[0] != before[0] || now[1] == before[1] || now[2] != before[2] {
		t.Errorf("ports were %v, the second is taken, and are %v", before, now)
	}
}

func TestCertificatesServeTheirPurpose(t *testing.T) {
	now := time.Now()
	files, err := ensurePKI(filepath.Join(t.TempDir(), "pki"), now)
	if err != nil {
		t.Fatal(err)
	}
	roots, err := files.roots()
	if err != nil {
		t.Fatal(err)
	}
	server, err := tls.LoadX509KeyPair(files.ServerCert, files.ServerKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{loopback, "localhost", "kubernetes.default.svc"} {
		if _, err := server.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: roots}); err != nil {
			t.Errorf("server certificate for %s: %v", name, err)
		}
	}
	admin, err := tls.LoadX509KeyPair(files.AdminCert, files.AdminKey)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.Leaf.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}); err != nil {
		t.Errorf("client certificate: %v", err)
	}
	if !slices.Contains(admin.Leaf.Subject.Organization, "system:masters") {
		t.Errorf("the admin is in %v, not in system:masters", admin.Leaf.Subject.Organization)
	}
	for _, key := range []string{files.ServerKey, files.AdminKey, files.ServiceAccountKey} {
		info, err := os.Stat(key)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s can be read by others: %v", key, info.Mode())
		}
	}
}

func TestCertificatesAreRenewedBeforeTheyExpire(t *testing.T) {
	now := time.Now()
	read := func(path string) string {
		t.Helper()
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	tests := map[string]struct {
		at      time.Time
		damage  func(pki) error
		renewed bool
	}{
		"a day later":                {at: now.Add(24 * time.Hour)},
		"shortly before they expire": {at: now.Add(certificateLife - renewBefore + time.Hour), renewed: true},
		"after they expired":         {at: now.Add(certificateLife + time.Hour), renewed: true},
		"one is missing":             {at: now, damage: func(f pki) error { return os.Remove(f.AdminCert) }, renewed: true},
		"a key is not its own":       {at: now, damage: func(f pki) error { return os.Rename(f.ServerKey, f.AdminKey) }, renewed: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			files, err := ensurePKI(dir, now)
			if err != nil {
				t.Fatal(err)
			}
			ca, account := read(files.CA), read(files.ServiceAccountKey)
			if test.damage != nil {
				if err := test.damage(files); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := ensurePKI(dir, test.at); err != nil {
				t.Fatal(err)
			}
			if renewed := read(files.CA) != ca; renewed != test.renewed {
				t.Errorf("renewed %v, want %v", renewed, test.renewed)
			}
			if !files.usable(test.at) {
				t.Error("the certificates cannot be used")
			}
			if read(files.ServiceAccountKey) != account {
				t.Error("the key of the service accounts changed: tokens of before are worth nothing")
			}
		})
	}
}

func TestKubeconfigHoldsTheCertificates(t *testing.T) {
	files, err := ensurePKI(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	data, err := kubeconfig(12345, files)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"current-context: localplane\n", "server: https://127.0.0.1:12345\n"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("%q is missing in:\n%s", want, data)
		}
	}
	for field, path := range map[string]string{"certificate-authority-data": files.CA, "client-certificate-data": files.AdminCert, "client-key-data": files.AdminKey} {
		match := regexp.MustCompile(field + `: (\S+)\n`).FindSubmatch(data)
		if match == nil {
			t.Errorf("no %s in:\n%s", field, data)
			continue
		}
		got, err := base64.StdEncoding.DecodeString(string(match[1]))
		if err != nil {
			t.Fatal(err)
		}
		if want, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what is in %s (%v)", field, path, err)
		}
	}
}

func TestCommandLine(t *testing.T) {
	t.Chdir(t.TempDir())
	tests := map[string]struct {
		args   []string
		code   int
		stdout string
		stderr string
	}{
		"nothing":              {code: exitUsage, stderr: "Usage: localplane COMMAND"},
		"help":                 {args: []string{"--help"}, stdout: "Usage: localplane COMMAND"},
		"help of a command":    {args: []string{"run", "--help"}, stdout: "localplane run -- go test ./..."},
		"unknown command":      {args: []string{"begin"}, code: exitUsage, stderr: `unknown command "begin"; commands are start, stop, status, run, clean`},
		"unknown flag":         {args: []string{"start", "--port=1"}, code: exitUsage, stderr: "flag provided but not defined: -port (see localplane start --help)"},
		"flag of another":      {args: []string{"stop", "--audit"}, code: exitUsage, stderr: "not defined: -audit"},
		"unexpected argument":  {args: []string{"start", "now"}, code: exitUsage, stderr: `unexpected argument "now"`},
		"empty folder":         {args: []string{"start", "--dir="}, code: exitUsage, stderr: "--dir must not be empty"},
		"no time":              {args: []string{"start", "--timeout=0s"}, code: exitUsage, stderr: "--timeout must be more than 0"},
		"no duration":          {args: []string{"start", "--timeout=soon"}, code: exitUsage, stderr: `invalid value "soon"`},
		"run without command":  {args: []string{"run", "--"}, code: exitUsage, stderr: "no command to run"},
		"stop without a plane": {args: []string{"stop"}, stderr: "nothing to stop"},
		"status without one":   {args: []string{"status"}, code: exitFailed, stdout: "no plane"},
		"clean without one":    {args: []string{"clean"}},
		"no assets":            {args: []string{"start", "--assets", "nowhere"}, code: exitFailed, stderr: "lacks etcd and kube-apiserver: build them with hack/localplane/build.sh"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := Main(test.args, &stdout, &stderr)
			if code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if !strings.Contains(stdout.String(), test.stdout) {
				t.Errorf("stdout lacks %q: %s", test.stdout, &stdout)
			}
			if !strings.Contains(stderr.String(), test.stderr) {
				t.Errorf("stderr lacks %q: %s", test.stderr, &stderr)
			}
		})
	}
}

func TestEveryCommandHasAnExampleInItsHelp(t *testing.T) {
	for _, c := range commands() {
		if c.hidden {
			continue
		}
		var stdout bytes.Buffer
		if code := Main([]string{c.name, "--help"}, &stdout, new(bytes.Buffer)); code != exitOK {
			t.Errorf("%s --help: exit code %d", c.name, code)
		}
		for _, want := range []string{"Example:\n  ", "--dir"} {
			if !strings.Contains(stdout.String(), want) {
				t.Errorf("%s --help lacks %q:\n%s", c.name, want, &stdout)
			}
		}
	}
}

func TestArgumentsOfRunStayAsTheyAre(t *testing.T) {
	i := slices.IndexFunc(commands(), func(c command) bool { return c.name == "run" })
	o, err := commands()[i].parse([]string{"--audit", "--", "go", "test", "--", "-v"})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"go", "test", "--", "-v"}; !slices.Equal(o.command, want) || !o.audit || o.dir != "" {
		t.Errorf("%+v", o)
	}
}

func TestAssetsAreThoseNamedThenThoseOfTheEnvironment(t *testing.T) {
	t.Setenv(assetsVariable, "/from/environment")
	for named, want := range map[string]string{"": "/from/environment", "/named": "/named"} {
		if got, err := findAssets(named); err != nil || got != want {
			t.Errorf("%q: %q (%v), want %q", named, got, err, want)
		}
	}
}

func TestALockIsExclusive(t *testing.T) {
	path := filepath.Join(t.TempDir(), lockName)
	lock, err := lockFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lockFile(path); err != errLocked {
		t.Errorf("a second lock: %v", err)
	}
	lock.Close()
	again, err := lockFile(path)
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}

func TestAnIdentityIsNotJustANumber(t *testing.T) {
	self, err := identify(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if !self.alive() {
		t.Error("this process is not alive")
	}
	if (identity{PID: self.PID, Started: self.Started + "0"}).alive() {
		t.Error("a process that started at another time passes for this one")
	}
	if (identity{}).alive() {
		t.Error("no process is alive")
	}
}

func TestALogIsShownByItsEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, []byte("a\nb\n"+strings.Repeat("c", 1000)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, want := tail(path, 2), "    b\n    "+strings.Repeat("c", 400)+" ..."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := tail(path+"x", 2); !strings.Contains(got, "no such file") {
		t.Error(got)
	}
}
