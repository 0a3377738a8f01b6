// Package fence lets one manager write at a time, and only while it knows what time it is.
//
// Each manager takes a lease before it works, as controller-runtime does it. The fence stands between the manager and the API server: it notes when
// the lease was last renewed, and lets no write pass when that is too long ago, as after a process was paused while another one took over. With each
// renewal comes the time by the API server. A manager whose clock differs from it does not work, and says so on the budgets. The lease keeps at which
// instant a rehearsal's clock was started, so that no manager works with another clock by accident.
//
// The fence asks the real clock; what evaluations are told is [Clock].
package fence
