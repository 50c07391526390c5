// The program is an OpenID Connect provider that is not ours: that of github.com/zitadel/oidc, with two people in it. It is a module of its
// own, so that the expense tracker depends on nothing of it. It prints its address, and ends with its standard input.
package main

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to listen on")
	redirect := flag.String("redirect", "", "where the client's people go back to")
	flag.Parse()
	if err := run(*listen, *redirect); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(address, redirect string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	issuer := "http://" + listener.Addr().String() + "/"
	storage.RegisterClients(storage.WebClient("expenses", "a secret of the client", redirect))
	handler := exampleop.SetupServer(issuer, storage.NewStorage(people{}), slog.New(slog.NewTextHandler(os.Stderr, nil)), false)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = server.Close()
	}()
	fmt.Println(issuer)
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// people are who can sign in: anna, whose address is verified, and ben, whose is not. Their password is “verysecure”.
type people struct{}

func (people) GetUserByID(id string) *storage.User {
	user := &storage.User{
		ID: id, Username: id, Password: "verysecure", FirstName: id, LastName: "Example", Email: id + "@example.org", EmailVerified: id == "anna",
	}
	if id != "anna" && id != "ben" {
		return nil
	}
	return user
}

func (p people) GetUserByUsername(name string) *storage.User { return p.GetUserByID(name) }

func (people) ExampleClientID() string { return storage.ServiceUserID }
