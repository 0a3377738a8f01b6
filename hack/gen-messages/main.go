// Command gen-messages writes docs/reference/messages.md from the strings in the code that people read. Run it in the root of the repository:
//
//	go run ./hack/gen-messages
package main

import (
	"fmt"
	"os"

	"jointplan.dev/jointplan/hack/gen-messages/page"
)

func main() {
	text, err := page.Generate(os.DirFS("."))
	if err == nil {
		err = os.WriteFile("docs/reference/messages.md", []byte(text), 0o644) //nolint:gosec // a page that everyone may read
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen-messages:", err)
		os.Exit(1)
	}
}
