package data

import (
	"context"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
	"testing"
)

// Postgres starts a PostgreSQL with an empty database until the end of the test, and returns how to connect as its superuser, without a password. It
// listens on 127.0.0.1, on a port of its own. As it refuses to run as root, root has it run as the user postgres.
func Postgres(tb testing.TB) (dsn string) {
	tb.Helper()
	const superuser = "postgres"
	base, as := folder(tb, "postgres"), ordinaryUser(tb, superuser)
	if as.Credential != nil {
		if err := os.Chown(base, int(as.Credential.Uid), int(as.Credential.Gid)); err != nil {
			tb.Fatal(err)
		}
	}
	files := base + "/files"
	initdb := exec.CommandContext(tb.Context(), program(tb, "initdb"), "-D", files, "-A", "trust", "-U", superuser,
		"--encoding=UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = as, base
	if out, err := initdb.CombinedOutput(); err != nil {
		tb.Fatalf("initdb: %v\n%s", err, out)
	}
	port := freePort(tb)
	s := start(tb, syscall.SIGINT, as, program(tb, "postgres"), "-D", files, "-p", port, "-k", base,
		"-c", "listen_addresses=127.0.0.1", "-c", "fsync=off")
	ready := program(tb, "pg_isready")
	s.await(tb, func() string {
		out, err := exec.CommandContext(context.WithoutCancel(tb.Context()), ready, "-h", "127.0.0.1", "-p", port, "-U", superuser).CombinedOutput()
		if err != nil {
			return string(out) + s.log.tail()
		}
		return ""
	})
	return "postgres://" + superuser + "@127.0.0.1:" + port + "/postgres?sslmode=disable"
}

// ordinaryUser has a process run as a user, if this one runs as root.
func ordinaryUser(tb testing.TB, name string) *syscall.SysProcAttr {
	tb.Helper()
	as := &syscall.SysProcAttr{}
	if os.Getuid() != 0 {
		return as
	}
	account, err := user.Lookup(name)
	if err != nil {
		tb.Fatalf("PostgreSQL does not run as root, and there is no user %s: %v", name, err)
	}
	number := func(text string) uint32 {
		n, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			tb.Fatal(err)
		}
		return uint32(n)
	}
	as.Credential = &syscall.Credential{Uid: number(account.Uid), Gid: number(account.Gid)}
	return as
}
