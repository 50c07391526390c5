package config

import (
	"errors"
	"strings"
)

// errUnknown is the fault of a name that is no setting, with the nearest known one if there is a near one.
func errUnknown(name string, known []string) error {
	if near := nearest(name, known); near != "" {
		return errors.New("unknown setting; did you mean " + near + "?")
	}
	return errors.New("unknown setting")
}

// nearest is the known name at most two letters away, or else the only one that ends with name as its last part.
func nearest(name string, known []string) string {
	best, distance := "", 3
	var sameEnd []string
	for _, candidate := range known {
		if d := editDistance(name, candidate); d < distance {
			best, distance = candidate, d
		}
		if strings.HasSuffix(candidate, "."+name) {
			sameEnd = append(sameEnd, candidate)
		}
	}
	if best == "" && len(sameEnd) == 1 {
		return sameEnd[0]
	}
	return best
}

// editDistance is Levenshtein's, in bytes: keys and variables are ASCII.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
