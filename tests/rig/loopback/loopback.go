// Package loopback finds addresses on which nobody listens, for programs that others have to know before they start.
package loopback

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
)

// Host is the one that all addresses are of.
const Host = "127.0.0.1"

// The ports that are given away, from the first on. They are below those that the system gives to whoever asks for any, and to connections:
// nobody else gets one of them by chance before the program that it is for listens.
const (
	firstPort = 12_000
	ports     = 20_000
)

var (
	// start differs between the processes that look for ports at the same time.
	start = sync.OnceValue(func() uint32 { return rand.Uint32N(ports) }) //nolint:gosec // no secret
	given atomic.Uint32
)

// FreePort returns a port that nobody listens on, and never the same one twice.
func FreePort(ctx context.Context) (int, error) {
	var failed error
	for range 100 { // some may be taken
		port := firstPort + int((start()+given.Add(1))%ports)
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(Host, strconv.Itoa(port)))
		if err == nil {
			return port, listener.Close()
		}
		failed = err
	}
	return 0, fmt.Errorf("find a free port: %w", failed)
}

// FreeAddress returns HOST:PORT of a free port.
func FreeAddress() (string, error) {
	port, err := FreePort(context.Background())
	return net.JoinHostPort(Host, strconv.Itoa(port)), err
}
