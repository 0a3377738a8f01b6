// Package sums adds up a program as a whole. What one partner adds, its contribution, is a pure function of the statuses of the partner and of what hangs
// on it; the sums change by the difference of two contributions of a partner, and are at any time those of all contributions together. Reports are read
// off the sums. It is the second exception to the rule that no evaluation reads a status (docs/decisions/0008, 0035), and no other evaluation reads what comes of it but
// the spec of a final report.
package sums
