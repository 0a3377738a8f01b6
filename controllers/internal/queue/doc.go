// Package queue decides the order in which objects are evaluated: which events reach which objects, how far apart, and whose turn it is.
package queue
