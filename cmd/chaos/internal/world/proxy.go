package world

import (
	"net"
	"sync"
)

// proxy stands between the program and its server. It can cut the connections, or say nothing more on any.
type proxy struct {
	listener net.Listener
	to       string
	wait     sync.WaitGroup
	mu       sync.Mutex
	open     map[net.Conn]struct{}
	silent   chan struct{} // closed when the silence ends; nil when there is none
}

func newProxy(to string) (*proxy, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // at once
	if err != nil {
		return nil, err
	}
	p := &proxy{listener: listener, to: to, open: map[net.Conn]struct{}{}}
	p.wait.Go(p.accept)
	return p, nil
}

func (p *proxy) address() string { return p.listener.Addr().String() }

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return // closed
		}
		p.wait.Go(func() { p.serve(client) })
	}
}

func (p *proxy) serve(client net.Conn) {
	p.keep(client)
	defer p.drop(client)
	p.hush()
	server, err := net.Dial("tcp", p.to) //nolint:noctx // loopback answers at once
	if err != nil {
		return
	}
	p.keep(server)
	defer p.drop(server)
	var back sync.WaitGroup
	back.Go(func() { p.copy(client, server) })
	p.copy(server, client)
	back.Wait()
}

// copy copies until an end is gone, and then ends the other.
func (p *proxy) copy(to, from net.Conn) {
	defer to.Close()   //nolint:errcheck // whatever it is by then
	defer from.Close() //nolint:errcheck // likewise
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		p.hush()
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (p *proxy) keep(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[c] = struct{}{}
}

func (p *proxy) drop(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, c)
	_ = c.Close() // whatever it is by then
}

// hush waits while there is silence.
func (p *proxy) hush() {
	p.mu.Lock()
	silent := p.silent
	p.mu.Unlock()
	if silent != nil {
		<-silent
	}
}

// cut ends every connection.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		_ = c.Close() // its owner sees it
	}
}

// silence lets no byte through any more, and no connection end.
func (p *proxy) silence() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent == nil {
		p.silent = make(chan struct{})
	}
}

// speak ends the silence.
func (p *proxy) speak() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent != nil {
		close(p.silent)
		p.silent = nil
	}
}

func (p *proxy) close() error {
	err := p.listener.Close()
	p.speak()
	p.cut()
	p.wait.Wait()
	return err
}
