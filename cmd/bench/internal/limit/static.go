package limit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// Static is a server in a process of its own, whose only page is always the same.
type Static struct {
	URL     string // of the page
	command *exec.Cmd
	input   io.Closer
}

// StartStatic starts the program with its arguments and the page's file behind them; that process has to call ServeStatic.
func StartStatic(ctx context.Context, file, program string, args ...string) (*Static, error) {
	s := &Static{command: exec.CommandContext(ctx, program, append(args, file)...)} //nolint:gosec // this program itself
	s.command.Stderr = os.Stderr
	input, err := s.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := s.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	s.input = input
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the static server does not start: %w", err), s.Stop())
	}
	s.URL = strings.TrimSpace(line)
	return s, nil
}

// Stop ends the server.
func (s *Static) Stop() error {
	return errors.Join(s.input.Close(), s.command.Wait())
}

// ServeStatic answers every request with the file's content, and writes its URL to output. It returns when input ends, which it
// also does when the process that holds its other side is killed.
func ServeStatic(ctx context.Context, file string, input io.Reader, output io.Writer) error {
	page, err := os.ReadFile(file) //nolint:gosec // the page that we are told to serve
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	length := strconv.Itoa(len(page))
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", length)
		_, _ = w.Write(page) // the client went away; there is nobody to tell
	})}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if _, err := fmt.Fprintf(output, "http://%s/\n", listener.Addr()); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, input)
	err = errors.Join(err, server.Close())
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
