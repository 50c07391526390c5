package accounts

import (
	"strings"

	"expense-tracker/web/internal/words"
)

// known is a word in what a browser calls itself, and the name that people know.
type known struct{ word, name string }

// A browser that is built on another names that too, so the ones that are built on others come first.
var browsers = []known{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Vivaldi", "Vivaldi"}, {"FxiOS", "Firefox"},
	{"CriOS", "Chrome"}, {"Firefox", "Firefox"}, {"Chromium", "Chromium"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}, {"curl", "curl"},
}

var systems = []known{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"},
	{"Linux", "Linux"},
}

func named(agent string, in []known) string {
	for _, k := range in {
		if strings.Contains(agent, k.word) {
			return k.name
		}
	}
	return ""
}

// device says what a session's browser is, as its user may know it. Nothing of what it calls itself is shown as it is.
func device(in *words.Language, agent string) string {
	browser, system := named(agent, browsers), named(agent, systems)
	switch {
	case browser != "" && system != "":
		return in.T(deviceOn, browser, system)
	case browser != "" || system != "":
		return browser + system
	}
	return in.T(deviceUnknown)
}
