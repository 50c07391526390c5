package expense

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"expense-tracker/core/fault"
	"expense-tracker/core/text"
)

// The fields of a category's look.
const (
	FieldColour = "colour"
	FieldIcon   = "icon"
)

// Colour names one of the colours that tell categories apart. What it looks like is the page's affair.
type Colour string

// Colours returns every colour there is. The set only grows.
func Colours() []Colour {
	return []Colour{"leaf", "teal", "sky", "blue", "violet", "plum", "rose", "brick", "orange", "honey", "olive", "cocoa"}
}

// ParseColour reads the name of a colour. An empty one is the colour that the category has by itself.
func ParseColour(typed string) (Colour, error) {
	c := Colour(strings.TrimSpace(typed))
	if c != "" && !slices.Contains(Colours(), c) {
		return "", fault.Refuse("choose one of the colours")
	}
	return c, nil
}

// maxIcon is how many code points an emoji has at most: a family of four with the marks between them, and some to spare.
const maxIcon = 10

// ParseIcon reads an emoji. An empty one is the icon that the category's name has by itself.
func ParseIcon(typed string) (string, error) {
	icon, err := text.Line(typed, text.Rule{Max: maxIcon, TooLong: "an icon is one emoji: at most %d characters; this has %d"})
	if err != nil || icon == "" {
		return "", err
	}
	isOther := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSpace(r) || unicode.IsPunct(r)
	}
	if strings.ContainsFunc(icon, isOther) || !strings.ContainsFunc(icon, func(r rune) bool { return unicode.Is(unicode.So, r) }) {
		return "", fault.Refuse("an icon is one emoji, such as ☕")
	}
	return icon, nil
}

// Look is what somebody has chosen for a category.
type Look struct {
	Colour Colour // empty for the one that it has by itself
	Icon   string // an emoji; empty for the one that its name has by itself
}

// NewCategory returns a category as it is shown: where nothing was chosen, it has a colour that its ID decides, which stays whatever it
// is called, and the icon of its name, if there is one.
func NewCategory(id CategoryID, name CategoryName, chosen Look, archived bool) Category {
	c := Category{ID: id, Name: name, Colour: chosen.Colour, Icon: chosen.Icon, Archived: archived}
	if c.Colour == "" {
		const apart = 5 // neighbours differ clearly, and all colours come in turn
		all := Colours()
		c.Colour = all[int((id-1)*apart%CategoryID(len(all))+CategoryID(len(all)))%len(all)]
	}
	if c.Icon == "" {
		c.Icon = iconOf(name)
	}
	return c
}

// chosen returns a look without what the category has by itself.
func (c Category) chosen(l Look) Look {
	byItself := NewCategory(c.ID, c.Name, Look{}, false)
	if l.Colour == byItself.Colour {
		l.Colour = ""
	}
	if l.Icon == byItself.Icon {
		l.Icon = ""
	}
	return l
}

// Initial returns the first letter of the category's name, for where an icon would stand.
func (c Category) Initial() string {
	first, _ := utf8.DecodeRuneInString(string(c.Name))
	return string(unicode.ToUpper(first))
}

// iconOf returns the icon of a well-known name in English or German, or none.
func iconOf(name CategoryName) string {
	switch strings.ToLower(string(name)) {
	case "groceries", "food", "supermarket", "lebensmittel", "einkauf", "einkäufe", "essen":
		return "🛒"
	case "coffee", "café", "cafe", "kaffee", "tea", "tee":
		return "☕"
	case "restaurants", "restaurant", "eating out", "dining", "lunch", "dinner", "meals", "mittagessen", "essen gehen", "gastronomie":
		return "🍽️"
	case "drinks", "bar", "bars", "getränke", "ausgehen":
		return "🍹"
	case "transport", "public transport", "transit", "bus", "train", "bahn", "öpnv", "nahverkehr", "verkehr", "fahrkarten":
		return "🚆"
	case "taxi":
		return "🚕"
	case "car", "auto":
		return "🚗"
	case "fuel", "gas", "petrol", "tanken", "benzin", "sprit":
		return "⛽"
	case "bicycle", "bike", "fahrrad":
		return "🚲"
	case "household", "home", "haushalt", "zuhause", "wohnung":
		return "🏠"
	case "rent", "housing", "mortgage", "miete", "wohnen":
		return "🔑"
	case "furniture", "möbel":
		return "🛋️"
	case "repairs", "tools", "reparaturen", "werkzeug":
		return "🔧"
	case "health", "doctor", "pharmacy", "gesundheit", "arzt", "apotheke", "medizin":
		return "💊"
	case "sport", "sports", "fitness", "gym":
		return "🏃"
	case "children", "kids", "baby", "kinder":
		return "🧸"
	case "education", "school", "bildung", "schule", "studium":
		return "🎓"
	case "clothes", "clothing", "fashion", "kleidung", "kleider", "mode":
		return "👕"
	case "shoes", "schuhe":
		return "👟"
	case "books", "bücher":
		return "📚"
	case "subscriptions", "streaming", "abos", "abonnements":
		return "📺"
	case "phone", "phone and internet", "internet", "mobile", "telefon", "handy", "telefon und internet":
		return "📱"
	case "electricity", "energy", "power", "utilities", "strom", "energie", "nebenkosten":
		return "💡"
	case "water", "wasser":
		return "💧"
	case "heating", "heizung":
		return "🔥"
	case "insurance", "versicherung", "versicherungen":
		return "☂️"
	case "taxes", "tax", "steuern", "steuer":
		return "🏛️"
	case "bank", "fees", "gebühren":
		return "🏦"
	case "savings", "sparen":
		return "🐖"
	case "gifts", "gift", "presents", "geschenke":
		return "🎁"
	case "donations", "charity", "spenden":
		return "💚"
	case "travel", "holiday", "holidays", "vacation", "trip", "reisen", "reise", "urlaub":
		return "✈️"
	case "hotel", "hotels":
		return "🛏️"
	case "pets", "pet", "haustiere", "haustier", "tiere":
		return "🐾"
	case "fun", "entertainment", "leisure", "freizeit", "unterhaltung":
		return "🎉"
	case "cinema", "movies", "kino":
		return "🎬"
	case "music", "musik", "concerts", "konzerte":
		return "🎵"
	case "games", "spiele":
		return "🎮"
	case "hobby", "hobbies", "hobbys":
		return "🎨"
	case "garden", "garten":
		return "🌱"
	case "beauty", "hairdresser", "haircut", "friseur", "kosmetik", "körperpflege":
		return "💇"
	case "computer", "electronics", "elektronik", "technik", "software":
		return "💻"
	case "work", "office", "arbeit", "büro":
		return "💼"
	case "snacks", "sweets", "süßigkeiten":
		return "🍬"
	}
	return ""
}
