package site

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
)

// Server answers on a free port of the loopback.
type Server struct {
	server   *http.Server
	listener net.Listener
}

// Serve starts one; with a config for TLS it asks for it.
func Serve(handler http.Handler, secured *tls.Config) (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // at once
	if err != nil {
		return nil, err
	}
	s := &Server{server: &http.Server{Handler: handler, ReadHeaderTimeout: patience,
		ErrorLog: log.New(io.Discard, "", 0)}, listener: listener}
	if secured != nil {
		listener = tls.NewListener(listener, secured)
	}
	go func() { _ = s.server.Serve(listener) }() // until Close
	return s, nil
}

// Address returns HOST:PORT.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Close ends it. None at all is closed.
func (s *Server) Close() {
	if s != nil {
		_ = s.server.Close() // nobody is asked any more
	}
}
