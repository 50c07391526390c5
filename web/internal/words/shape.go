package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bojanz/currency"

	"expense-tracker/core/money"
)

// affixes are what stands before and after the digits.
type affixes struct{ before, after string }

// affixesOf returns what a sample has before its first digit and after its last.
func affixesOf(sample string) affixes {
	last := strings.LastIndexFunc(sample, unicode.IsDigit)
	_, size := utf8.DecodeRuneInString(sample[last:])
	return affixes{sample[:strings.IndexFunc(sample, unicode.IsDigit)], sample[last+size:]}
}

// shape is how amounts of a currency are written. It is read off what the library writes, which is slow to ask for each amount.
type shape struct {
	positive, negative affixes
	zero               rune   // of the language's digits
	group, point       string // between groups of digits, and before decimals
	first, others      int    // digits of the group before the decimals, and of those before it
	smallest           int    // digits from which groups are divided
}

func (l *Language) shapeOf(code string) shape {
	if known, ok := l.shapes.Load(code); ok {
		return known.(shape)
	}
	var learnt shape
	if _, listed := currency.GetDigits(code); listed {
		learnt = l.learn(l.format, code)
	} else {
		learnt = l.shapeOfUnknown(code)
	}
	l.shapes.Store(code, learnt)
	return learnt
}

// shapeOfUnknown returns the shape of a currency that is written by its code, with that code.
func (l *Language) shapeOfUnknown(code string) shape {
	for _, known := range money.Codes() {
		if symbol, _ := currency.GetSymbol(known, l.format.Locale()); symbol == known {
			learnt := l.learn(l.format, known)
			for _, around := range []*affixes{&learnt.positive, &learnt.negative} {
				around.before = strings.Replace(around.before, known, code, 1)
				around.after = strings.Replace(around.after, known, code, 1)
			}
			return learnt
		}
	}
	return l.number
}

// shapeOfNumbers returns the shape of numbers that are no amounts.
func (l *Language) shapeOfNumbers() shape {
	plain := currency.NewFormatter(l.format.Locale())
	plain.CurrencyDisplay = currency.DisplayNone
	return l.learn(plain, "USD")
}

// learn reads off samples how a formatter of the library writes amounts of a currency.
func (l *Language) learn(format *currency.Formatter, code string) shape {
	write := func(code, number string) string {
		amount, err := currency.NewAmount(number, code)
		if err != nil {
			return number // cannot be: the code is on the library's list
		}
		return format.Format(amount)
	}
	sample := write(code, "12345678")
	s := shape{positive: affixesOf(sample), negative: affixesOf(write(code, "-12345678"))}
	first, _ := utf8.DecodeRuneInString(sample[len(s.positive.before):])
	s.zero = first - 1
	runs, marks := divide(sample)
	if decimals, _ := currency.GetDigits(code); decimals > 0 {
		last := len(marks) - 1
		s.point, runs, marks = marks[last], runs[:last+1], marks[:last]
	} else {
		_, marksOfDollar := divide(write("USD", "1.5"))
		s.point = marksOfDollar[0]
	}
	s.first, s.others, s.smallest = 3, 3, ungrouped
	if len(marks) > 0 {
		s.group, s.first, s.others, s.smallest = marks[0], runs[len(runs)-1], runs[len(runs)-2], runs[len(runs)-1]+1
		if short, _ := divide(write(code, "1234")); short[0] == 4 {
			s.smallest++ // such as in Spanish: 1234,50
		}
	}
	return s
}

// ungrouped is more digits than a number has.
const ungrouped = 100

// divide returns the lengths of the runs of digits, and what stands between them.
func divide(sample string) (runs []int, marks []string) {
	around := affixesOf(sample)
	mark := ""
	run := 0
	for _, r := range sample[len(around.before) : len(sample)-len(around.after)] {
		switch digit := unicode.IsDigit(r); {
		case digit && mark != "":
			runs, marks = append(runs, run), append(marks, mark)
			run, mark = 1, ""
		case digit:
			run++
		default:
			mark += string(r)
		}
	}
	return append(runs, run), marks
}
