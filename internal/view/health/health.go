// Package health says how an object stands in one word, and which of its verdicts matter.
package health

import (
	"jointplan.dev/jointplan/internal/model/health"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// State is how an object stands, in the words of Argo CD.
type State = health.State

// The states, as internal/model/health explains them.
const (
	Healthy     = health.Healthy
	Progressing = health.Progressing
	Suspended   = health.Suspended
	Degraded    = health.Degraded
)

// Health is how an object stands, and why.
type Health = health.Health

// Of returns how an object stands, by the table from which the health scripts of config/argocd are generated.
func Of(object manifest.Object) Health { return health.Of(object) }
