package gitops

import (
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
)

// update makes the tests write their golden files.
var update = flag.Bool("update", false, "write the golden files of this folder")

// managerBinary is the operator that the tests run.
var managerBinary = flag.String("manager", "../../bin/manager", "the manager's binary")

// here is the world in which all tests play.
var here *world

func TestMain(m *testing.M) {
	flag.Parse()
	logrus.SetLevel(logrus.ErrorLevel) // what Argo CD's packages tell about themselves
	os.Exit(run(m))
}

// run starts the world, runs the tests and ends the world.
func run(m *testing.M) int {
	w, err := newWorld()
	if err != nil {
		fmt.Fprintf(os.Stderr, "cannot %v\n", err)
		_ = w.stop()
		return 1
	}
	here = w
	// The tests' own limit of time would end this process and leave the others.
	if limit := flag.Lookup("test.timeout").Value.(flag.Getter).Get().(time.Duration); limit > grace {
		defer time.AfterFunc(limit-grace, func() {
			fmt.Fprintf(os.Stderr, "the tests do not end within %s\n", limit-grace)
			_ = w.stop()
			os.Exit(1)
		}).Stop()
	}
	code := m.Run()
	if err := w.stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	return code
}
