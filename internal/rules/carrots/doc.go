// Package carrots says what a partner gains by its plans: which benefits of its tier they have, and what each plan opens by which step. It asks the rules of
// plans, partners and money, never their statuses, and knows nothing of what other partners leave.
package carrots
