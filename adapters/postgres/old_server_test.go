package postgres_test

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgtype"

	"expense-tracker/adapters/postgres"
	"expense-tracker/core/fault"
)

// playServer answers as a PostgreSQL of a version does to whoever asks what its sessions are like, and returns its URL.
func playServer(t *testing.T, version string) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go playSession(conn, version)
		}
	}()
	return "postgres://expense@" + listener.Addr().String() + "/expenses?sslmode=disable"
}

func playSession(conn net.Conn, version string) {
	defer conn.Close() //nolint:errcheck // only a test's
	backend := pgproto3.NewBackend(conn, conn)
	if _, err := backend.ReceiveStartupMessage(); err != nil {
		return
	}
	backend.Send(&pgproto3.AuthenticationOk{})
	backend.Send(&pgproto3.BackendKeyData{ProcessID: 7, SecretKey: []byte{0, 0, 0, 1}})
	backend.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	for backend.Flush() == nil {
		message, err := backend.Receive()
		if err != nil {
			return
		}
		if _, asks := message.(*pgproto3.Query); !asks {
			return
		}
		row := &pgproto3.DataRow{}
		columns := &pgproto3.RowDescription{}
		for _, value := range []string{"off", "on", "read committed", "UTC", "7", version} {
			row.Values = append(row.Values, []byte(value))
			columns.Fields = append(columns.Fields, pgproto3.FieldDescription{
				Name: []byte("c"), DataTypeOID: pgtype.TextOID, DataTypeSize: -1, TypeModifier: -1,
			})
		}
		backend.Send(columns)
		backend.Send(row)
		backend.Send(&pgproto3.CommandComplete{CommandTag: []byte("SELECT 1")})
		backend.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	}
}

func TestAPostgresThatIsTooOldIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	for number, name := range map[string]string{"130023": "13.23", "90624": "9.6"} {
		began := time.Now()
		url := playServer(t, number)
		_, opening := postgres.Open(t.Context(), url, postgres.Options{})
		for _, err := range []error{opening, postgres.Migrate(t.Context(), url)} {
			if !errors.Is(err, postgres.ErrOldServer) || errors.Is(err, fault.Unavailable) ||
				!strings.Contains(err.Error(), "version "+name+", and the program needs 14 or later") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("%s was refused after %s", name, took)
		}
	}
	// Of one that is young enough it is not said.
	if _, err := postgres.Open(t.Context(), playServer(t, "140000"), postgres.Options{}); errors.Is(err, postgres.ErrOldServer) {
		t.Errorf("14.0: %v", err)
	}
}
