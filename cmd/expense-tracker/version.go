package main

import "runtime/debug"

// buildVersion returns the version and the revision of the source, as the build stamped them in or as Go noted them.
func buildVersion() string {
	if r := buildRevision(); r != "" {
		return version + " (" + r + ")"
	}
	return version
}

func buildRevision() string {
	if revision != "" {
		return revision
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return setting.Value
		}
	}
	return ""
}
