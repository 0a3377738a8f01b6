package fiscal

// ByCutOff returns which of several texts holds for who goes by a cut-off day: the last one that was approved by then or, where none was, the first one. They
// are in the order of their approval. A text whose day is absent holds only as the first. Negative when there is none.
func ByCutOff[T any](texts []T, approvedOn func(*T) Day, cutOff Day) int {
	found := -1
	for i := range texts {
		if on := approvedOn(&texts[i]); found < 0 || !on.IsZero() && on <= cutOff {
			found = i
		}
	}
	return found
}
