package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"expense-tracker/observability"
)

const healthTimeout = 3 * time.Second

func newHealthcheck(p process) *cobra.Command {
	return &cobra.Command{
		Use:   "healthcheck",
		Short: "Ask the program that runs with the same settings whether it is ready; exit 0 if it is",
		Args:  nothingElse,
		RunE: func(command *cobra.Command, _ []string) error {
			settings, _, err := loadConfig(p, command)
			if err != nil {
				return err
			}
			return checkHealth(command.Context(), settings.Listen)
		},
	}
}

// checkHealth asks the program that listens on the address for its readiness.
func checkHealth(ctx context.Context, address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1" // it listens everywhere, so here too
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+observability.ReadinessPath, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("nobody answers as ready; does the program run, with the same settings? %w", err)
	}
	defer func() { _ = response.Body.Close() }() // nothing is lost with it
	if response.StatusCode != http.StatusOK {
		reason, _ := io.ReadAll(io.LimitReader(response.Body, 200)) // the status says enough if this fails
		return fmt.Errorf("not ready: %s: %s", response.Status, strings.TrimSpace(string(reason)))
	}
	return nil
}
