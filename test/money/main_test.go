package money

import (
	"flag"
	"os"
	"testing"
)

// long makes tests with seeds run ten of them: go test ./test/money -long.
var long = flag.Bool("long", false, "run ten seeds of each test that has seeds")

// TestMain lets more tests run at a time than there are processors: nearly all of their time they wait for the API server.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		if err := flag.Set("test.parallel", "32"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
