package store

// WidgetSessions are what visitors prove themselves with.
type WidgetSessions struct{ *session }
