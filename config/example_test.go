package config_test

import (
	"context"
	"fmt"
	"os"

	"expense-tracker/config"
)

func ExampleLoad() {
	_, _, err := config.Load(context.Background(), config.LoadOptions{Environ: []string{
		"EXPENSE_TRACKER_STORAGE=mysql://me:secret@db/x",
		"EXPENSE_TRACKER_LOG_LEVL=debug",
	}})
	fmt.Println(err)
	// Output:
	// configuration: 2 faults
	//   EXPENSE_TRACKER_LOG_LEVL: unknown setting; did you mean EXPENSE_TRACKER_LOG_LEVEL?
	//   storage (EXPENSE_TRACKER_STORAGE): must be memory:, sqlite:PATH, postgres://… or postgresql://…
}

func ExampleConfig_WriteYAML() {
	c, sources, err := config.Load(context.Background(), config.LoadOptions{Environ: []string{
		"EXPENSE_TRACKER_STORAGE=postgres://me:secret@db/x",
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := c.WriteYAML(os.Stdout, config.Sources{"storage": sources["storage"]}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// storage: postgres://me:xxxxx@db/x # EXPENSE_TRACKER_STORAGE
	// storage_password: ""
	// storage_owner: ""
	// storage_owner_password: ""
	// demo: false
	// listen: 127.0.0.1:5000
	// base_url: ""
	// auth:
	//   mode: none
	//   admin_name: admin
	//   admin_password: ""
	//   session_idle: 720h0m0s
	//   session_max: 2160h0m0s
	//   oidc_issuer: ""
	//   oidc_client_id: ""
	//   oidc_client_secret: ""
	//   oidc_name: ""
	//   oidc_sign_up: ""
	//   oidc_group: ""
	// metrics:
	//   listen: ""
	// log:
	//   level: info
	//   format: text
	//   requests: all
	//   slow_request: 1s
	// ledger:
	//   currency: USD
	//   time_zone: Local
	// web:
	//   page_size: 50
	//   body_limit: 65536
	//   max_connections: 2000
	//   max_connections_per_address: 500
	//   hosts: ""
	//   trusted_proxies: ""
	// database:
	//   connect_timeout: 1m0s
	//   operation_timeout: 5s
	//   max_connections: 10
	//   queue: 1024
	// audit:
	//   every: 1h0m0s
	// shutdown:
	//   timeout: 15s
	//   drain: 0s
	// backup:
	//   place: ""
	//   key: ""
	//   s3_key_id: ""
	//   s3_secret: ""
	//   every: 24h0m0s
	//   keep_daily: 7
	//   keep_weekly: 4
	//   keep_monthly: 12
	//   timeout: 2h0m0s
	//   work: ""
	//   stanza: ""
	//   listen: 127.0.0.1:5001
	// probe:
	//   secret: ""
	//   url: http://127.0.0.1:5000
	//   listen: 127.0.0.1:5002
	//   interval: 30s
	//   timeout: 10s
}
