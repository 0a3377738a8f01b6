package facts

// Memo keeps what was computed, by key. The zero value is empty. It is not safe for concurrent use.
type Memo[K comparable, V any] struct {
	known map[K]V
}

// Get returns what is kept for a key. When nothing is, it keeps and returns what compute returns.
func (m *Memo[K, V]) Get(key K, compute func() V) V {
	if value, known := m.known[key]; known {
		return value
	}
	value := compute()
	if m.known == nil {
		m.known = map[K]V{}
	}
	m.known[key] = value
	return value
}
