package carrots_test

import (
	"flag"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "150") // a -rapid.checks on the command line still wins
	os.Exit(m.Run())
}
