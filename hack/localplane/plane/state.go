package plane

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Names of what lies in the folder of a plane.
const (
	stateFile      = "state.json"
	lockName       = "lock"
	kubeconfigName = "kubeconfig"
	auditLogName   = "audit.log"
	auditRulesName = "audit-policy.json"
	dataName       = "etcd"
	logsName       = "logs"
	pkiName        = "pki"
	runPrefix      = "run-" // the folder of a `run` without --dir
)

// state is what a launcher leaves for the next one: which processes run, and
// which ports they listen on. It is written before the first server starts and
// after each, so that `stop` finds them all, whatever happened in between.
type state struct {
	Assets string `json:"assets"`
	Audit  bool   `json:"audit,omitempty"`
	Ready  bool   `json:"ready"`
	// Ports are those of etcd's clients, etcd's peers, the API server and the
	// controller manager. They stay here after a stop, to be chosen again.
	Ports   []int    `json:"ports,omitempty"`
	Servers []server `json:"servers,omitempty"`
	// Launcher is the `run` to which the plane belongs, if it belongs to one.
	Launcher *identity `json:"launcher,omitempty"`
	// Temporary says that the folder goes when the run ends.
	Temporary bool `json:"temporary,omitempty"`
}

// server is one process of a plane.
type server struct {
	Name string `json:"name"`
	identity
	Port int    `json:"port"`
	Log  string `json:"log"`
}

// loadState reads the state of the plane in dir; the error is fs.ErrNotExist if
// there never was one.
func loadState(dir string) (state, error) {
	var s state
	path := filepath.Join(dir, stateFile)
	data, err := os.ReadFile(path)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("%s is damaged (%w): end the servers by hand, then remove the folder", path, err)
	}
	return s, nil
}

// save writes the state.
func (s state) save(dir string) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, stateFile), append(data, '\n'))
}

// alive returns the servers that still run.
func (s state) alive() []server {
	return slices.DeleteFunc(slices.Clone(s.Servers), func(one server) bool { return !one.alive() })
}

// writeFile replaces a file as a whole, readable by its owner only: a reader
// never sees half of it.
func writeFile(path string, data []byte) error {
	temporary := path + ".new"
	if err := os.WriteFile(temporary, data, 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}

// claimable returns an error if dir holds something that is not a plane: a
// plane writes to its folder and removes what it wrote, so it takes none that
// belongs to someone else.
func claimable(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, stateFile)); err == nil {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if name := entry.Name(); name != lockName && !strings.HasPrefix(name, runPrefix) {
			return fmt.Errorf("%s is not empty and holds no local plane (found %q): choose another folder with --dir", dir, name)
		}
	}
	return nil
}

// removeData removes all that a plane wrote to its folder but the state and the
// lock.
func removeData(dir string) error {
	var errs []error
	for _, name := range []string{dataName, logsName, pkiName, kubeconfigName, auditLogName, auditRulesName} {
		errs = append(errs, os.RemoveAll(filepath.Join(dir, name)))
	}
	return errors.Join(errs...)
}
