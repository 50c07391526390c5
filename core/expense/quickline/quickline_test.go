package quickline_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense/quickline"
	"expense-tracker/core/money"
)

// known is a ledger on Wednesday, 25 November 2026.
func known(t testing.TB) quickline.Known {
	t.Helper()
	usd, err := money.ParseCurrency("USD")
	if err != nil {
		t.Fatal(err)
	}
	return quickline.Known{
		Today: civil.Date{Year: 2026, Month: time.November, Day: 25}, Currency: usd,
		Categories: []string{"Food", "Fast Food", "Groceries", "Büro"},
		Before: []quickline.Spending{
			{Text: "Lunch with Bob", Category: "Eating out"}, {Text: "lunch", Category: "Canteen"}, {Text: "REWE", Category: "Groceries"},
			{Text: "", Category: "Nothing"},
		},
	}
}

func TestALineIsUnderstood(t *testing.T) {
	for _, tt := range []struct{ line, price, category, date, tags, note string }{
		{"12.50 lunch with Ana yesterday #work", "12.50", "Eating out", "2026-11-24", "#work", "lunch with Ana"},
		{"12.50 Lunch", "12.50", "Canteen", "", "", "Lunch"},
		{"rewe 7", "7", "Groceries", "", "", "rewe"},
		{"5 food", "5", "Food", "", "", ""},
		{"5 FAST food, with Ana", "5", "Fast Food", "", "", "with Ana"},
		{"5 the food court", "5", "Food", "", "", "the food court"},
		{"5 seafood", "5", "", "", "", "seafood"},
		{"Papier Büro 3,20 € gestern", "3,20 €", "Büro", "2026-11-24", "", "Papier"},
		{"€5 food", "€5", "Food", "", "", ""},
		{"EUR 5 food", "EUR 5", "Food", "", "", ""},
		{"5 eur food", "5 eur", "Food", "", "", ""},
		{"5 all food", "5", "Food", "", "", "all"},
		{"12 cup cakes", "12", "", "", "", "cup cakes"},
		{"12 SEK fika", "12 SEK", "", "", "", "fika"},
		{"12.50+3 food", "12.50+3", "Food", "", "", ""},
		{"12.50 + 3 food", "12.50 + 3", "Food", "", "", ""},
		{"1 234.50 rent", "1 234.50", "", "", "", "rent"},
		{"1,234 rent", "1,234", "", "", "", "rent"},
		{"2 beers 12.50", "12.50", "", "", "", "2 beers"},
		{"2 beers $12", "$12", "", "", "", "2 beers"},
		{"bus 42 to town 3", "3", "", "", "", "bus 42 to town"},
		{"food 12.50.", "12.50", "Food", "", "", ""},
		{"٣٫٥ food", "٣٫٥", "Food", "", "", ""},
		{"5 food 2026-11-03", "5", "Food", "2026-11-03", "", ""},
		{"5 food on 2026-11-03.", "5", "Food", "2026-11-03", "", ""},
		{"5 food am 3.11.", "5", "Food", "2026-11-03", "", ""},
		{"5 food 24.12.", "5", "Food", "2025-12-24", "", ""},
		{"5 food 29.2.", "5", "Food", "2024-02-29", "", ""},
		{"5 food 3.11.25", "5", "Food", "2025-11-03", "", ""},
		{"5 food 11/3", "5", "Food", "", "", "11/3"},
		{"5 food 31.2.", "5", "Food", "", "", "31.2."},
		{"5 food 2026-02-30", "5", "Food", "", "", "2026-02-30"},
		{"5 food Monday", "5", "Food", "2026-11-23", "", ""},
		{"5 food mittwoch", "5", "Food", "2026-11-25", "", ""},
		{"5 food last wednesday", "5", "Food", "2026-11-18", "", ""},
		{"5 food vorgestern", "5", "Food", "2026-11-23", "", ""},
		{"5 food monday friday", "5", "Food", "2026-11-23", "", "friday"},
		{"#a 5 #b, food # c", "5", "Food", "", "#a #b", "# c"},
		{"20ft rope", "", "", "", "", "20ft rope"},
		{"lunch with Ana", "", "Eating out", "", "", "lunch with Ana"},
		{"-5 food", "-5", "Food", "", "", ""},
		{"", "", "", "", "", ""},
	} {
		got := quickline.Read(tt.line, known(t), quickline.Everything())
		date := ""
		if !got.Date.IsZero() {
			date = got.Date.String()
		}
		if got.Price != tt.price || got.Category != tt.category || date != tt.date || got.Tags != tt.tags || got.Note != tt.note {
			t.Errorf("%q: price %q, category %q, date %q, tags %q, note %q\nwant %+v", tt.line, got.Price, got.Category, date, got.Tags, got.Note,
				tt)
		}
	}
}

// What a form says already is not asked of the line, and stays in the note.
func TestALineKeepsWhatItIsNotAskedFor(t *testing.T) {
	got := quickline.Read("12.50 food yesterday #work", known(t), quickline.Wanted{})
	if want := (quickline.Line{Tags: "#work", Note: "12.50 food yesterday"}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// Every word is understood as one thing, and none is lost: what is not in the note is a tag, the price, a day or the category.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"12.50 lunch with Ana yesterday #work", "5 € food", "EUR 5 Büro am 3.11.", "1 234.50 + 3 rent last monday", "# #a #", "11/3 $", "+ + 5 +",
		"1 234 567 8", "on on yesterday today", "food", "٣٫٥ 29.2.", "0.0.0. 99.99.9999.", "0 A0$", "0'+ $", "5€ € f", "+5 + +5 +",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if !utf8.ValidString(line) {
			return
		}
		k := known(t)
		got := quickline.Read(line, k, quickline.Everything())
		all := strings.Fields(line)
		at := 0
		for _, word := range strings.Fields(got.Note) {
			for at < len(all) && all[at] != word {
				at++
			}
			if at == len(all) {
				t.Fatalf("%q: the note %q has words that the line has not, or in another order", line, got.Note)
			}
			at++
		}
		most := len(strings.Fields(got.Note)) + len(strings.Fields(got.Tags)) + len(strings.Fields(got.Price)) + len(strings.Fields(got.Category))
		if !got.Date.IsZero() {
			most += 2 // the day and the word before it
		}
		if len(all) > most {
			t.Fatalf("%q: words are lost: %+v", line, got)
		}
		if got.Price != "" && !money.LooksLikePrice(got.Price) {
			t.Fatalf("%q: %q is no price", line, got.Price)
		}
		if again := quickline.Read(line, k, quickline.Wanted{}); len(strings.Fields(again.Note))+len(strings.Fields(again.Tags)) != len(all) {
			t.Fatalf("%q: words are lost where nothing is asked: %+v", line, again)
		}
	})
}
