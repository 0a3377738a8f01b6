// Package queue decides the order in which objects are evaluated: which events reach which objects, how far apart, and what waits in the backlog.
package queue
