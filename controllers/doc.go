// Package controllers runs the evaluations against an API server: a file for each kind says what its evaluation is and which events wake it, watches.go
// and moneywatches.go say whom an event concerns, setup.go wires all of it.
//
// The way from an event to a status:
//
//	event -> watches (whom does it concern?) -> internal/queue (when, and in which order?) -> Reconcile
//	      -> internal/gather (the partner's objects) -> internal/rules (the status, and when it may next differ)
//	      -> internal/status (one patch if it differs, transitions as events) -> internal/queue (look again then)
//
// Before money moves, internal/gate says whether the admission policies are in force. internal/telemetry counts and times all of it.
package controllers
