package program

import (
	"context"
	"errors"
	"net"
)

// FreeAddress returns an address of this machine on a port that nobody listens on, for a program that others have to know before it starts.
func FreeAddress() (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	address := listener.Addr().String()
	return address, errors.Join(listener.Close())
}
