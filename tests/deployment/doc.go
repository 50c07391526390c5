// Package deployment holds the deployment to what it promises: the compose file, the image, Prometheus' configuration and
// rules, Grafana's dashboards and the workflows. Its tests read those files as an operator's tools do, through compose-go, promtool and a
// live Prometheus that scrapes the live program and a live Node Exporter.
//
// It has no code of its own. What it cannot show is how Grafana draws: queries are verified, pictures are not.
package deployment
