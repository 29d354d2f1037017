package door

// Maybe is v, or nil where v says nothing: an empty text, no id, no time. On the wire that is null.
func Maybe[T comparable](v T) *T {
	var nothing T
	if v == nothing {
		return nil
	}
	return &v
}

// Set changes to, where from was said.
func Set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
