package plan

import (
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/revision"
)

// judgement is what a condition says.
type judgement struct {
	status          metav1.ConditionStatus
	reason, message string
}

// item returns the field path of an item of a list by its key, such as spec.goals[cloud-revenue].
func item[K ~string](list string, key K) string { return list + "[" + string(key) + "]" }

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

// some is listing of at most so many words; the rest is counted.
func some[T ~string](words []T, limit int) string {
	if len(words) <= limit {
		return listing(words)
	}
	texts := make([]string, 0, limit+1)
	for _, word := range words[:limit] {
		texts = append(texts, string(word))
	}
	return listing(append(texts, fmt.Sprintf("%d more", len(words)-limit)))
}

// alternatives returns "a", "a or b" or "a, b or c"; of a long list the first ones.
func alternatives(words []string) string {
	words = words[:min(len(words), maxNamed)]
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// theParties names parties in the middle of a sentence: "the Vendor", "vendor and partner".
func theParties(parties []v1alpha1.Party) string {
	if len(parties) == 1 {
		return "the " + string(parties[0])
	}
	return strings.ToLower(listing(parties))
}

// short returns the beginning of a revision, enough to tell it from others of a plan.
func short(id string) string {
	const digits = len(revision.Prefix) + nameDigits
	return id[:min(digits, len(id))]
}
