package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/test/bench/report"
	"jointplan.dev/jointplan/test/bench/rig"
)

const (
	// waiting is the number of payments that wait while the store is full.
	waiting = 12
	// room is how much the store may grow until it is full.
	room = 16 << 20
	// lump is the size of an object that fills it.
	lump = 900 << 10
)

// full lets the store run full while payments wait that the manager has not seen yet.
func (t *torture) full(ctx context.Context) error {
	return t.working(ctx, func(s *stage, k *keeper, l *load) error {
		told := int(l.stop())
		for i := range waiting {
			if !l.tell(ctx, told+100+i, false) {
				return ctx.Err()
			}
		}
		maintenance, err := s.small(ctx)
		if err != nil {
			return err
		}
		if _, err := t.rested(ctx, s, k); err != nil {
			return err
		}
		if err := k.process().Signal(syscall.SIGSTOP); err != nil {
			return err
		}
		for i := range waiting {
			if !l.pay(ctx, claim(fmt.Sprintf("story-%04d", told+100+i), "", 0)) {
				return ctx.Err()
			}
		}
		fillers, err := s.fill(ctx)
		t.figure("objects until the store was full", "objects", nil, float64(fillers))
		if err := errors.Join(err, k.process().Signal(syscall.SIGCONT), pause(ctx, t.away)); err != nil {
			return err
		}
		settled, err := s.settled(ctx, told+100)
		if err != nil {
			return err
		}
		t.figure("payments settled while it was full", "payments", nil, float64(settled))
		if err := errors.Join(s.Client.DeleteAllOf(ctx, &corev1.ConfigMap{}, client.InNamespace(shared), client.HasLabels{watched}), maintenance.relieve(ctx)); err != nil {
			return err
		}
		since := time.Now()
		for settled < waiting {
			if time.Since(since) > t.patience {
				return fmt.Errorf("%d of %d payments are settled after %s", settled, waiting, t.patience)
			}
			if err := pause(ctx, 500*time.Millisecond); err != nil {
				return err
			}
			if settled, err = s.settled(ctx, told+100); err != nil {
				return err
			}
		}
		t.figure("from room in the store to the last payment settled", "s", report.AtMost(atRest), time.Since(since).Seconds())
		return t.toRest(ctx, s, k, "from room in the store to rest", since)
	})
}

// settled returns how many of the stories from one on are settled.
func (s *stage) settled(ctx context.Context, from int) (n int, err error) {
	var list v1alpha1.MDFClaimList
	if err := s.Client.List(ctx, &list, client.InNamespace(shared)); err != nil {
		return 0, err
	}
	for i := range list.Items {
		if c := &list.Items[i]; c.Name >= fmt.Sprintf("story-%04d", from) && c.Status.Stage == v1alpha1.ClaimSettled {
			n++
		}
	}
	return n, nil
}

// small restarts the store with a quota that it will soon reach, and with its maintenance open to HTTP.
func (s *stage) small(ctx context.Context) (*maintenance, error) {
	server, err := s.Server(store)
	if err != nil {
		return nil, err
	}
	if err := server.End(ctx, syscall.SIGTERM); err != nil {
		return nil, err
	}
	info, err := os.Stat(filepath.Join(server.Flag("data-dir"), "member", "snap", "db"))
	if err != nil {
		return nil, err
	}
	m, err := s.maintenance(server)
	if err != nil {
		return nil, err
	}
	if err := s.StartServer(server, fmt.Sprintf("--quota-backend-bytes=%d", info.Size()+room), "--enable-grpc-gateway=true",
		"--client-cert-file="+m.cert, "--client-key-file="+m.key); err != nil { // the gateway is a client of its own server
		return nil, err
	}
	return m, s.Ready(ctx)
}

// fill writes objects until the store refuses to.
func (s *stage) fill(ctx context.Context) (n int, err error) {
	for ; n < 1000; n++ {
		raw := make([]byte, lump)
		_, _ = rand.Read(raw) // it never fails
		err := s.Client.Create(ctx, &corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{Namespace: shared, Name: fmt.Sprintf("lump-%03d", n), Labels: map[string]string{watched: "true"}},
			BinaryData: map[string][]byte{"lump": raw},
		})
		switch {
		case err == nil:
		case strings.Contains(err.Error(), "database space exceeded"):
			return n, nil
		default:
			return n, err
		}
	}
	return n, errors.New("the store does not get full")
}

// maintenance is the store's interface for its administrator.
type maintenance struct {
	address   string
	cert, key string
	client    *http.Client
}

// maintenance returns the store's, with the API server's own credentials.
func (s *stage) maintenance(of *rig.Server) (*maintenance, error) {
	server, err := s.Server(apiserver)
	if err != nil {
		return nil, err
	}
	authority, err := os.ReadFile(server.Flag("etcd-cafile"))
	if err != nil {
		return nil, err
	}
	m := &maintenance{address: of.Flag("listen-client-urls"), cert: server.Flag("etcd-certfile"), key: server.Flag("etcd-keyfile")}
	pair, err := tls.LoadX509KeyPair(m.cert, m.key)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	m.client = &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12},
	}}
	return m, nil
}

// ask asks the store something.
func (m *maintenance) ask(ctx context.Context, path, question string, answer any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, m.address+path, strings.NewReader(question))
	if err != nil {
		return err
	}
	response, err := m.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the store answers %s to %s: %s", path, response.Status, bytes.TrimSpace(raw))
	}
	return json.Unmarshal(raw, answer)
}

// relieve gives the store room again, as its administrator does: what was deleted is compacted, the file defragmented, and the alarm disarmed.
func (m *maintenance) relieve(ctx context.Context) error {
	var status struct {
		Header struct {
			Revision string `json:"revision"`
		} `json:"header"`
	}
	var alarms struct {
		Alarms []struct {
			MemberID string `json:"memberID"`
		} `json:"alarms"`
	}
	var none struct{}
	if err := m.ask(ctx, "/v3/maintenance/status", "{}", &status); err != nil {
		return err
	}
	if err := m.ask(ctx, "/v3/kv/compaction", fmt.Sprintf(`{"revision":%q,"physical":true}`, status.Header.Revision), &none); err != nil {
		return err
	}
	if err := m.ask(ctx, "/v3/maintenance/defragment", "{}", &none); err != nil {
		return err
	}
	if err := m.ask(ctx, "/v3/maintenance/alarm", `{"action":"GET"}`, &alarms); err != nil {
		return err
	}
	if len(alarms.Alarms) == 0 {
		return errors.New("the store was full and raised no alarm")
	}
	for _, alarm := range alarms.Alarms {
		if err := m.ask(ctx, "/v3/maintenance/alarm", fmt.Sprintf(`{"action":"DEACTIVATE","memberID":%q,"alarm":"NOSPACE"}`, alarm.MemberID), &none); err != nil {
			return err
		}
	}
	return nil
}

// restore puts the store back to what it was a while before, under a manager that runs.
func (t *torture) restore(ctx context.Context) error {
	return t.working(ctx, func(s *stage, k *keeper, l *load) error {
		server, err := s.Server(store)
		if err != nil {
			return err
		}
		data := server.Flag("data-dir")
		backup := data + "-backup"
		if err := errors.Join(pause(ctx, 10*time.Second), s.without(ctx, func() error { return backUp(data, backup) }, store)); err != nil {
			return err
		}
		kept := l.told.Load()
		if err := pause(ctx, 15*time.Second); err != nil {
			return err
		}
		t.figure("stories told", "stories", nil, l.stop())
		t.figure("of them before the backup", "stories", nil, float64(kept))
		if _, err := t.rested(ctx, s, k); err != nil {
			return err
		}
		if err := s.without(ctx, func() error {
			if err := os.RemoveAll(data); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			return os.Rename(backup, data)
		}, apiserver, store); err != nil {
			return err
		}
		since := time.Now()
		if err := t.sees(ctx, s, "from the restore until the manager sees an edit"); err != nil {
			return err
		}
		return t.toRest(ctx, s, k, "from the restore to rest", since)
	})
}

// backUp copies the store's data, which nobody else may read.
func backUp(data, to string) error {
	if err := os.CopyFS(to, os.DirFS(data)); err != nil {
		return err
	}
	return filepath.WalkDir(to, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		return os.Chmod(path, 0o700)
	})
}

// sees edits a claim and measures how long it takes to be evaluated. It fails when that takes twice as long as it may.
func (t *torture) sees(ctx context.Context, s *stage, name string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*atRest*time.Second)
	defer cancel()
	e, err := s.look(ctx)
	if err != nil {
		return err
	}
	c := claim("claim-0", "", 0)
	if err := s.Client.Get(ctx, client.ObjectKeyFromObject(c), c); err != nil {
		return err
	}
	isWritten, isShown := evaluated(c.Generation + 1)
	edit := e.expect(c, isWritten, isShown)
	if err := s.admin.Patch(ctx, c, client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"proofs":[{"type":"Invoice","reference":"after"}]}}`))); err != nil {
		return err
	}
	for {
		_, shown, open := e.times([]*sight{edit})
		if open == 0 {
			t.figure(name, "s", report.AtMost(atRest), shown[0]/1000)
			return nil
		}
		if pause(ctx, 100*time.Millisecond) != nil {
			return fmt.Errorf("an edit is not evaluated within %d s of the restore: the manager sees nothing any more", 2*atRest)
		}
	}
}
