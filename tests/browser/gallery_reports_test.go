package browser_test

import "time"

func reportPictures() []picture {
	const month, year = "GET /months/{month}", "GET /years/{year}"
	now := time.Now()
	return []picture{
		{"month", month, demo, at("/months/" + now.Format("2006-01"))},
		{"month-before", month, full, at("/months/" + now.AddDate(0, 0, -now.Day()).Format("2006-01"))},
		{"month-empty", month, empty, at("/months/2026-11")},
		{"year", year, demo, at("/years/" + now.Format("2006"))},
		{"year-empty", year, empty, at("/years/2026")},
	}
}
