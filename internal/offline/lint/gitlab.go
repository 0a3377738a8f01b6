package lint

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// Quality is a problem as an entry of a code quality report of GitLab, which shows it at its line of a merge request.
type Quality struct {
	// Description is the message, with the object and the field.
	Description string `json:"description"`
	// Check is the rule.
	Check string `json:"check_name"`
	// Fingerprint is the same while the problem is.
	Fingerprint string `json:"fingerprint"`
	// Severity is major, minor or info.
	Severity string `json:"severity"`
	// Location is where the problem is.
	Location qualityLocation `json:"location"`
}

type qualityLocation struct {
	Path  string       `json:"path"`
	Lines qualityLines `json:"lines"`
}

type qualityLines struct {
	Begin int `json:"begin"`
}

// qualities are the severities of entries, by severity.
var qualities = map[v1alpha1.Severity]string{
	v1alpha1.SeverityError: "major", v1alpha1.SeverityWarning: "minor", v1alpha1.SeverityInfo: "info",
}

// AsQuality returns problems as a code quality report. Files are named from a working directory on. An entry needs a line: what is about a whole file is
// shown at its first, and what stands in no file is left out.
func AsQuality(problems []Problem, directory string) []Quality {
	report := []Quality{}
	marks := fingerprints(problems)
	for i := range problems {
		p := &problems[i]
		if p.File == "" || p.File == stdin {
			continue
		}
		report = append(report, Quality{
			Description: p.whole(), Check: p.Rule, Fingerprint: marks[i], Severity: qualities[p.Severity],
			Location: qualityLocation{Path: filepath.ToSlash(relative(p.File, directory)), Lines: qualityLines{Begin: max(p.Line, 1)}},
		})
	}
	return report
}

// fingerprints returns a mark for each problem by which it is known again when lines move, files are renamed or figures in its message change: of the rule,
// the object and the field, and a number where several share these. What is not about an object is known by its file and message.
func fingerprints(problems []Problem) []string {
	marks := make([]string, len(problems))
	count := map[string]int{}
	for i := range problems {
		p := &problems[i]
		parts := []string{p.Rule, p.Object, p.Field}
		if p.Object == "" {
			parts = append(parts, filepath.ToSlash(p.File), p.Message)
		}
		sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
		mark := hex.EncodeToString(sum[:16])
		count[mark]++
		marks[i] = fmt.Sprintf("%s:%d", mark, count[mark])
	}
	return marks
}
