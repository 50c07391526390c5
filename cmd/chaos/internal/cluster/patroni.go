package cluster

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Member is a node of the database as Patroni sees it.
type Member struct {
	Name  string `json:"name"`
	Role  string `json:"role"` // leader, sync_standby, replica, …
	State string `json:"state"`
}

// IsLeader reports whether it is the primary.
func (m Member) IsLeader() bool { return m.Role == "leader" || m.Role == "primary" }

// patroniTimeout bounds one question, so that a node that is cut off holds up nobody.
const patroniTimeout = time.Second

var patroni = &http.Client{Timeout: patroniTimeout, Transport: &http.Transport{DisableKeepAlives: true}}

// members asks any node for all of them.
func (c *Cluster) members(ctx context.Context) ([]Member, error) {
	var last error
	for _, node := range c.databases {
		var answer struct{ Members []Member }
		last = c.ask(ctx, node, http.MethodGet, "/cluster", nil, &answer)
		if last == nil {
			return answer.Members, nil
		}
	}
	return nil, last
}

func (c *Cluster) ask(ctx context.Context, node, method, path string, body, into any) (err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://"+c.network.address(node)+":8008"+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	client := patroni
	if method != http.MethodGet {
		client = &http.Client{Timeout: time.Minute, Transport: patroni.Transport} // it answers when it is done
		request.SetBasicAuth(apiUser, c.secret)
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // it was only read
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s of %s: %s: %s", method, path, node, response.Status, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

// isPrimary asks a node itself: it answers 200 as long as it holds the lock.
func (c *Cluster) isPrimary(ctx context.Context, node string) bool {
	return c.ask(ctx, node, http.MethodGet, "/primary", nil, nil) == nil
}

// Leader returns the node that says of itself that it is the primary; empty if none does.
func (c *Cluster) Leader(ctx context.Context) string {
	for _, node := range c.databases {
		if c.isPrimary(ctx, node) {
			return node
		}
	}
	return ""
}

// Other returns the other node of the database.
func (c *Cluster) Other(node string) string {
	if node == c.databases[0] {
		return c.databases[1]
	}
	return c.databases[0]
}

// AwaitLeader waits until another node than one is the primary.
func (c *Cluster) AwaitLeader(ctx context.Context, patience time.Duration, not string) error {
	return wait(ctx, patience, "no other primary than "+not, func(ctx context.Context) bool { return c.isPrimary(ctx, c.Other(not)) })
}

// AwaitWhole waits until there is a primary, and a standby without which nothing is acknowledged.
func (c *Cluster) AwaitWhole(ctx context.Context, patience time.Duration) error {
	return wait(ctx, patience, "no primary with a synchronous standby", func(ctx context.Context) bool {
		members, err := c.members(ctx)
		if err != nil {
			return false
		}
		leader, standby := "", false
		for _, m := range members {
			if m.IsLeader() && m.State == "running" {
				leader = m.Name
			}
			standby = standby || m.Role == "sync_standby" && (m.State == "running" || m.State == "streaming")
		}
		return leader != "" && standby && c.isPrimary(ctx, leader)
	})
}

// Switchover makes the standby the primary, in good order. A primary that cannot reach etcd again yet is asked once more.
func (c *Cluster) Switchover(ctx context.Context) error {
	leader := c.Leader(ctx)
	if leader == "" {
		return fmt.Errorf("there is no primary")
	}
	const patience = 20 * time.Second
	candidate := c.Other(leader)
	var refused error
	err := wait(ctx, patience, "the primary did not hand over", func(ctx context.Context) bool {
		refused = c.ask(ctx, leader, http.MethodPost, "/switchover", map[string]string{"leader": leader, "candidate": candidate}, nil)
		return refused == nil || c.isPrimary(ctx, candidate)
	})
	if err != nil {
		return errors.Join(err, refused)
	}
	return nil
}

// AwaitNoStandby waits until the primary acknowledges without a standby.
func (c *Cluster) AwaitNoStandby(ctx context.Context, patience time.Duration) error {
	return wait(ctx, patience, "the primary waits for a standby that is gone", func(ctx context.Context) bool {
		members, err := c.members(ctx)
		if err != nil {
			return false
		}
		for _, m := range members {
			if m.Role == "sync_standby" {
				return false
			}
		}
		return true
	})
}

// Metrics returns what each node of the database exports.
func (c *Cluster) Metrics(ctx context.Context) (exported [][]byte) {
	for _, node := range c.databases {
		exported = append(exported, bodyOf(ctx, "http://"+c.network.address(node)+":8008/metrics"))
	}
	return exported
}
