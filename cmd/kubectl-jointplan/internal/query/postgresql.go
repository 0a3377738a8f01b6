// Package query reads rows from a database or a metrics system. The addresses come from the environment of the command, which an administrator sets, and never
// from a mapping, which others may write.
package query

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/internal/table"
)

const (
	// DatabaseURL is the variable with the address of a database, such as postgres://reader@warehouse:5432/crm.
	DatabaseURL = "JOINTPLAN_DATABASE_URL"

	// connectWithin is how long it may take to connect.
	connectWithin = 15 * time.Second
	// queryWithin is how long a query may take that sets no limit.
	queryWithin = 5 * time.Minute
)

// IsEnvironment reports whether an error says that the environment does not name a server, or not rightly.
func IsEnvironment(err error) bool {
	_, is := errors.AsType[environmentError](err)
	return is
}

type environmentError string

// Error says what is wrong.
func (e environmentError) Error() string { return string(e) }

// Postgres is the answer to a query of a PostgreSQL server.
type Postgres struct {
	ctx        context.Context //nolint:containedctx // it lives as long as the query
	stop       context.CancelFunc
	connection *pgconn.PgConn
	sql        string
	limit      time.Duration
}

// PostgreSQL connects to the server of the environment and prepares a query, which Rows runs in a transaction that cannot write.
func PostgreSQL(ctx context.Context, spec *importsv1alpha1.PostgreSQL, getenv func(string) string) (*Postgres, error) {
	address := getenv(DatabaseURL)
	if address == "" && getenv("PGHOST") == "" && getenv("PGSERVICE") == "" {
		return nil, environmentError("no database: set " + DatabaseURL + ", or PGHOST and the other variables of PostgreSQL's clients")
	}
	config, err := pgconn.ParseConfig(address)
	if err != nil {
		return nil, environmentError(fmt.Sprintf("%s cannot be read: %s", DatabaseURL, err))
	}
	limit := queryWithin
	if spec.TimeoutSeconds != nil {
		limit = time.Duration(*spec.TimeoutSeconds) * time.Second
	}
	maps.Copy(config.RuntimeParams, map[string]string{
		"application_name": "jointplan-import", "default_transaction_read_only": "on", "TimeZone": "UTC", "DateStyle": "ISO", "client_encoding": "UTF8",
		"statement_timeout": fmt.Sprint(limit.Milliseconds()), "extra_float_digits": "1",
	})
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectWithin
	}
	connection, err := pgconn.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("the database at %s:%d cannot be reached, or does not answer as PostgreSQL does: %w", config.Host, config.Port, bare(err))
	}
	p := &Postgres{connection: connection, sql: spec.Query, limit: limit}
	p.ctx, p.stop = context.WithTimeout(ctx, limit+connectWithin)
	return p, nil
}

// bare is an error without the user and database, which say nothing to who reads it.
func bare(err error) error {
	var failed *pgconn.ConnectError
	if errors.As(err, &failed) && failed.Unwrap() != nil {
		return failed.Unwrap()
	}
	return err
}

// Close closes the connection.
func (p *Postgres) Close() {
	p.stop()
	ctx, stop := context.WithTimeout(context.Background(), time.Second)
	defer stop()
	_ = p.connection.Close(ctx)
}

// Place says which row of the answer one is.
func (p *Postgres) Place(row, _ int) string { return fmt.Sprintf("row %d of the answer", row) }

// Types of columns whose text can be read in one way only.
const (
	typeInt8, typeInt2, typeInt4, typeFloat4, typeFloat8, typeNumeric = 20, 21, 23, 700, 701, 1700
	typeDate                                                          = 1082
)

// Rows runs the query. The first row has the names of the columns.
func (p *Postgres) Rows() iter.Seq2[table.Row, error] {
	return func(yield func(table.Row, error) bool) {
		if err := p.rows(yield); err != nil {
			yield(table.Row{}, err)
		}
	}
}

func (p *Postgres) rows(yield func(table.Row, error) bool) error {
	if _, err := p.connection.Exec(p.ctx, "BEGIN TRANSACTION READ ONLY").ReadAll(); err != nil {
		return p.inWords(err)
	}
	answer := p.connection.ExecParams(p.ctx, p.sql, nil, nil, nil, nil) // one statement, and all values as text
	fields := answer.FieldDescriptions()
	header := table.Row{Number: 0}
	for _, field := range fields {
		header.Cells = append(header.Cells, table.Cell{Text: field.Name})
	}
	if len(fields) > 0 && !yield(header, nil) {
		return nil
	}
	for number := 1; answer.NextRow(); number++ {
		row := table.Row{Number: number, Cells: make([]table.Cell, len(fields))}
		for i, value := range answer.Values() {
			row.Cells[i] = cellOf(string(value), fields[i].DataTypeOID)
		}
		if !yield(row, nil) {
			return nil
		}
	}
	if _, err := answer.Close(); err != nil {
		return p.inWords(err)
	}
	if len(fields) == 0 {
		return errors.New("the query has no answer: it must be a statement that reads, such as SELECT")
	}
	return nil
}

// cellOf reads a value. A NULL is an empty cell.
func cellOf(text string, of uint32) table.Cell {
	switch of {
	case typeInt2, typeInt4, typeInt8, typeFloat4, typeFloat8, typeNumeric:
		return table.StoredNumber(text)
	case typeDate:
		return table.Cell{Text: text, Stored: text != "", Day: text != ""}
	default:
		return table.Cell{Text: text}
	}
}

// inWords says what the server has against the query.
func (p *Postgres) inWords(err error) error {
	const (
		canceled = "57014"
		readOnly = "25006"
	)
	var said *pgconn.PgError
	switch {
	case errors.As(err, &said) && said.Code == canceled, errors.Is(err, context.DeadlineExceeded), pgconn.Timeout(err):
		if errors.Is(p.ctx.Err(), context.Canceled) {
			return context.Canceled
		}
		return fmt.Errorf("the query took longer than %s, and nothing was written: make it faster, or raise postgresql.timeoutSeconds of the mapping", p.limit)
	case errors.As(err, &said) && said.Code == readOnly:
		return fmt.Errorf("the query writes, and only reading is allowed: %s", said.Message)
	case errors.As(err, &said):
		return fmt.Errorf("the database refuses the query: %s%s (SQLSTATE %s): correct postgresql.query of the mapping", said.Message, at(said), said.Code)
	default:
		return fmt.Errorf("the database did not answer to the end: %w", err)
	}
}

// at says at which character of the query an error is.
func at(said *pgconn.PgError) string {
	if said.Position == 0 {
		return ""
	}
	return fmt.Sprintf(", at character %d", said.Position)
}

// host is an address without a password.
func host(address *url.URL) string { return address.Scheme + "://" + address.Host }
