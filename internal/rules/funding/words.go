package funding

import "time"

// instant writes an instant for a message.
func instant(at time.Time) string { return at.UTC().Format(time.RFC3339) }
