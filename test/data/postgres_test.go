package data

import (
	"os/exec"
	"strings"
	"testing"
)

// TestPostgres has two databases side by side, of which each keeps its own.
func TestPostgres(t *testing.T) {
	t.Parallel()
	first, second := Postgres(t), Postgres(t)
	sql := func(dsn, command string) string {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), program(t, "psql"), "--no-psqlrc", "-qtA", "-v", "ON_ERROR_STOP=1", "-c", command, dsn).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return strings.TrimSpace(string(out))
	}
	sql(first, "create table claim (name text primary key, payable numeric(14,2)); insert into claim values ('it-fair', 12500.50)")
	if got := sql(first, "select name, payable from claim"); got != "it-fair|12500.50" {
		t.Errorf("the database has %q", got)
	}
	if got := sql(second, "select count(*) from pg_tables where tablename = 'claim'"); got != "0" {
		t.Errorf("the second database has the first one's table: %s", got)
	}
}
