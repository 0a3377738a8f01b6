package lint

import (
	"fmt"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/printable"
)

// What a workflow command of GitHub Actions has instead of characters that act on it, or on one of its properties. Line breaks would end it; a
// printable line has none.
var (
	inMessage  = strings.NewReplacer("%", "%25")
	inProperty = strings.NewReplacer("%", "%25", ":", "%3A", ",", "%2C")
)

// levels are the levels of annotations, by severity.
var levels = map[v1alpha1.Severity]string{
	v1alpha1.SeverityError: "error", v1alpha1.SeverityWarning: "warning", v1alpha1.SeverityInfo: "notice",
}

// Annotation is the problem as a workflow command of GitHub Actions, which shows it at its line of a pull request.
func (p *Problem) Annotation() string {
	var properties []string
	if p.File != "" {
		properties = append(properties, "file="+inProperty.Replace(printable.Line(p.File)))
	}
	if p.Line > 0 {
		properties = append(properties, fmt.Sprintf("line=%d", p.Line))
	}
	properties = append(properties, "title="+inProperty.Replace(printable.Line(p.Rule)))
	return fmt.Sprintf("::%s %s::%s", levels[p.Severity], strings.Join(properties, ","), inMessage.Replace(printable.Line(p.whole())))
}
