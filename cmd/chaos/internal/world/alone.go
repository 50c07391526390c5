package world

import (
	"context"
	"syscall"
)

// Enter waits until requests may be sent, and returns the way to say that one's own has ended.
func (w *World) Enter() (leave func()) {
	w.gate.RLock()
	return w.gate.RUnlock
}

// alone does something while no client has a request under way, and no other fault ends or freezes an instance.
func (w *World) alone(do func() error) error {
	w.gate.Lock()
	defer w.gate.Unlock()
	defer w.lockInstances()()
	return do()
}

// lockInstances keeps faults of processes away.
func (w *World) lockInstances() (unlock func()) {
	for _, i := range w.Instances {
		i.mu.Lock()
	}
	return func() {
		for _, i := range w.Instances {
			i.mu.Unlock()
		}
	}
}

// endAll asks every instance to end, and waits. Their locks are held, here and below.
func (w *World) endAll() error {
	for _, i := range w.Instances {
		if err := i.end(syscall.SIGTERM); err != nil {
			return err
		}
	}
	return nil
}

// startAll starts every instance.
func (w *World) startAll(ctx context.Context) error {
	for _, i := range w.Instances {
		if err := i.start(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Inside is the world for somebody whom alone does not keep out.
type Inside struct{ *World }

// Enter does not wait.
func (Inside) Enter() (leave func()) { return func() {} }
