// Package money tests budgets, ledgers, requests and claims on a real API server: flows to the cent, two managers at once, a crash at every
// write, storms of requests. Every revision of every object is watched, and the invariants of money are checked at each.
package money
