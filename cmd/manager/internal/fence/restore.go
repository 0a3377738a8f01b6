package fence

import (
	"context"
	"fmt"
	"strconv"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// AnnotationRestored on the lease is the real instant at which a manager last saw that the API server's store had been restored from a backup.
const AnnotationRestored = "channel.jointplan.dev/server-restored"

// notice looks at the resource version of the lease. Versions only rise; one below another that was seen means that the store was restored from a
// backup. What this manager keeps in memory is then of a time that never was, and its watches wait for versions that may not come for long. It ends, so
// that it starts anew, and leaves word on the lease for the monitoring of those that come after it.
func (f *Fence) notice(ctx context.Context, lease *coordinationv1.Lease) error {
	version, err := strconv.ParseUint(lease.ResourceVersion, 10, 64)
	if err != nil {
		return nil //nolint:nilerr // versions of this API server have no order
	}
	f.mu.Lock()
	seen := f.version
	f.version = max(seen, version)
	if at, err := time.Parse(time.RFC3339, lease.Annotations[AnnotationRestored]); err == nil {
		f.restored = at
	}
	f.mu.Unlock()
	if version >= seen {
		return nil
	}
	return f.end(fmt.Errorf("the API server went back from resource version %d to %d: its store was restored from a backup. This manager ends, and starts "+
		"anew with what is there now", seen, version), func() { f.leaveWord(ctx, lease) })
}

// leaveWord writes on the lease that the store was restored.
func (f *Fence) leaveWord(ctx context.Context, lease *coordinationv1.Lease) {
	ctx, cancel := context.WithTimeout(ctx, RenewDeadline/2)
	defer cancel()
	lease = lease.DeepCopy()
	metav1.SetMetaDataAnnotation(&lease.ObjectMeta, AnnotationRestored, f.Clock.machine().wall.UTC().Format(time.RFC3339))
	if _, err := f.leases.Leases(f.Namespace).Update(ctx, lease, metav1.UpdateOptions{}); err != nil {
		f.Log.Error(err, "the lease does not tell that the store was restored")
	}
}

// Restored returns when a manager last saw that the API server's store had been restored, in seconds since 1970; 0 when none did.
func (f *Fence) Restored() float64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.restored.IsZero() {
		return 0
	}
	return float64(f.restored.Unix())
}

// Ready returns why this manager never writes again; nil while it may.
func (f *Fence) Ready() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.ended
}
