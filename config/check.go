package config

import (
	"errors"
	"net"
)

// Check judges a Config as a whole, or one value that only the caller's domain can judge. It runs only when each of its
// keys could be read. Its error stands in the report as it is: it must not hold a secret.
type Check struct {
	Keys  []string // dotted keys of the values it looks at; each is reported with its source
	Valid func(Config) error
}

// contradictions are the checks between values that are each fine alone.
func contradictions() []Check {
	return []Check{
		{Keys: []string{"demo", "storage"}, Valid: checkDemo},
		{Keys: []string{"listen", "metrics.listen"}, Valid: checkListeners},
		{Keys: []string{"shutdown.drain", "shutdown.timeout"}, Valid: checkDrain},
	}
}

func checkDemo(c Config) error {
	if c.Demo && c.Storage != "" && c.Storage != memoryURL {
		return errors.New("the demo keeps nothing, so no storage but memory: goes with it")
	}
	return nil
}

func checkListeners(c Config) error {
	if c.Metrics.Listen != "" && overlap(c.Listen, c.Metrics.Listen) {
		return errors.New("must be two different addresses; leave metrics.listen empty to serve /metrics beside the pages")
	}
	return nil
}

// overlap says whether two checked addresses claim the same port of the same interface. Port 0 never clashes: it means any free port.
func overlap(a, b string) bool {
	hostA, portA, errA := net.SplitHostPort(a)
	hostB, portB, errB := net.SplitHostPort(b)
	if errA != nil || errB != nil || portA != portB || portA == "0" {
		return false
	}
	return hostA == hostB || everyInterface(hostA) || everyInterface(hostB)
}

func everyInterface(host string) bool {
	ip := net.ParseIP(host)
	return host == "" || ip != nil && ip.IsUnspecified()
}

func checkDrain(c Config) error {
	if c.Shutdown.Drain >= c.Shutdown.Timeout {
		return errors.New("the drain must be shorter than the whole shutdown")
	}
	return nil
}
