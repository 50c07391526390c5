package observability

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// TracesWanted reads OpenTelemetry's standard variables, as KEY=VALUE, and reports whether they ask for traces: whether an endpoint is set,
// and nothing says off. An error says which of them cannot be followed, without its value; then traces are off, too. The SDK would go on
// with its own defaults, which send everything, and would print what it could not read, secrets included.
func TracesWanted(environ []string) (bool, error) {
	of := variables(environ)
	key, endpoint := of.forTraces("ENDPOINT")
	exporter := of.get("OTEL_TRACES_EXPORTER")
	if endpoint == "" || exporter == "none" || strings.EqualFold(of.get("OTEL_SDK_DISABLED"), "true") {
		return false, nil
	}
	if exporter != "" && exporter != "otlp" {
		return false, errors.New("OTEL_TRACES_EXPORTER can be otlp or none")
	}
	if u, err := url.Parse(endpoint); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return false, fmt.Errorf("%s has to be a URL such as http://collector:4318", key)
	}
	if key, protocol := of.forTraces("PROTOCOL"); protocol != "" && protocol != "http/protobuf" && protocol != "http/json" {
		return false, fmt.Errorf("%s can be http/protobuf or http/json; collectors listen for those at port 4318", key)
	}
	if key, headers := of.forTraces("HEADERS"); !areHeaders(headers) {
		return false, fmt.Errorf("%s has to be name=value, divided by commas, with what is special written as in a URL", key)
	}
	if err := of.checkValues(); err != nil {
		return false, err
	}
	return of.checkSampler()
}

// variables are an environment.
type variables []string

func (v variables) get(name string) string {
	for _, one := range slices.Backward(v) {
		if value, ok := strings.CutPrefix(one, name+"="); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// forTraces returns what is said for traces, or else for everything that is sent.
func (v variables) forTraces(name string) (key, value string) {
	if value := v.get("OTEL_EXPORTER_OTLP_TRACES_" + name); value != "" {
		return "OTEL_EXPORTER_OTLP_TRACES_" + name, value
	}
	return "OTEL_EXPORTER_OTLP_" + name, v.get("OTEL_EXPORTER_OTLP_" + name)
}

func (v variables) checkSampler() (bool, error) {
	switch sampler := strings.ToLower(v.get("OTEL_TRACES_SAMPLER")); sampler {
	case "", "always_on", "always_off", "parentbased_always_on", "parentbased_always_off":
		return true, nil
	case "traceidratio", "parentbased_traceidratio":
		arg := v.get("OTEL_TRACES_SAMPLER_ARG")
		if ratio, err := strconv.ParseFloat(arg, 64); arg != "" && (err != nil || !(ratio >= 0 && ratio <= 1)) {
			return false, errors.New("OTEL_TRACES_SAMPLER_ARG has to be a number from 0 to 1")
		}
		return true, nil
	}
	return false, errors.New("OTEL_TRACES_SAMPLER can be always_on, always_off, traceidratio, or one of these with parentbased_ before it")
}

func areHeaders(text string) bool {
	if text == "" {
		return true
	}
	for one := range strings.SplitSeq(text, ",") {
		name, value, ok := strings.Cut(one, "=")
		if _, err := url.PathUnescape(strings.TrimSpace(value)); err != nil || !ok || !isHeaderName(strings.TrimSpace(name)) {
			return false
		}
	}
	return true
}

func isHeaderName(name string) bool {
	return name != "" && strings.IndexFunc(name, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && !strings.ContainsRune("!#$%&'*+-.^_`|~", c)
	}) < 0
}
