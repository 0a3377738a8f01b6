package funding

import (
	"fmt"
	"strings"
	"time"

	"jointplan.dev/jointplan/internal/model/revision"
)

// count returns a number of things, such as "1 day" or "5 days".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// listing returns "a", "a and b" or "a, b and c".
func listing[T ~string](words []T) string {
	texts := make([]string, 0, len(words))
	for _, word := range words {
		texts = append(texts, string(word))
	}
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	last := len(texts) - 1
	return strings.Join(texts[:last], ", ") + " and " + texts[last]
}

// short returns the beginning of a revision, enough to tell it from others.
func short(id string) string {
	const digits = len(revision.Prefix) + 10
	return id[:min(digits, len(id))]
}

// instant writes an instant for a message.
func instant(at time.Time) string { return at.UTC().Format(time.RFC3339) }
