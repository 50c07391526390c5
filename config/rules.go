package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// textRule finds the rule that a tag names. A rule returns the text as it is to be used, or an error without the text in it.
func textRule(name string) func(string) (string, error) {
	switch name {
	case "storage":
		return checkStorage
	case "address":
		return checkAddress
	case "hosts":
		return checkHosts
	case "networks":
		return checkNetworks
	case "base_url":
		return checkBaseURL
	case "auth_mode":
		return checkAuthMode
	case "issuer":
		return checkIssuer
	case "sign_up":
		return checkSignUp
	case "currency":
		return checkCurrency
	case "time_zone":
		return checkTimeZone
	case "backup_place":
		return checkBackupPlace
	}
	return func(string) (string, error) { return "", fmt.Errorf("declared with an unknown rule %q", name) }
}

func checkStorage(text string) (string, error) {
	path, isFile := strings.CutPrefix(text, sqliteScheme)
	switch {
	case text == memoryURL:
		return text, nil
	case isFile && path != "":
		return text, nil
	case isFile:
		return "", errors.New("names no file: sqlite:PATH")
	case isPostgres(text):
		if _, err := parsePostgres(text); err != nil {
			return "", err
		}
		return text, nil
	}
	return "", errors.New("must be memory:, sqlite:PATH, postgres://… or postgresql://…")
}

func checkAddress(text string) (string, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil || strings.Contains(host, " ") {
		return "", errors.New("must be an address as HOST:PORT, such as 127.0.0.1:5000 or [::1]:5000")
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", errors.New("must end with a port from 0 to 65535")
	}
	return text, nil
}

// checkBaseURL takes the address of a site that has a host to itself.
func checkBaseURL(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Opaque != "" || u.User != nil ||
		!isHostName(strings.ToLower(u.Hostname())) || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("must be an address such as https://expenses.example.org, without a path")
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}

// checkCurrency knows the shape of a code only; whether the currency exists is the domain's to say.
func checkCurrency(text string) (string, error) {
	code := strings.ToUpper(text)
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "", errors.New("must be a currency code of three letters, such as USD")
	}
	return code, nil
}

func checkTimeZone(text string) (string, error) {
	if _, err := time.LoadLocation(text); err != nil {
		return "", errors.New("must be a time zone that this machine knows, such as Europe/Berlin, or Local")
	}
	return text, nil
}

// checkBackupPlace refuses a password in the place's URL, for the place is shown and logged.
func checkBackupPlace(text string) (string, error) {
	_, address, isURL := strings.Cut(text, "://")
	host, _, _ := strings.Cut(address, "/")
	if isURL && strings.Contains(host, "@") {
		return "", errors.New("must hold no user or password: give them as backup.s3_key_id and backup.s3_secret, or in restic's own variables")
	}
	return text, nil
}
