// Package identity says whether two pieces of text that people write name the same person, supplier, invoice or payment, and whether two that
// do not look as if they did.
//
// Text is never compared as it is written: spelling that nobody means (case, spaces at the ends, full-width letters, characters that do not
// show) makes nobody a second person and no invoice a second one. Where text only looks alike, nothing is decided here: the rules show both
// spellings to who decides.
package identity
