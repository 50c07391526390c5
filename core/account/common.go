package account

import (
	"cmp"
	"slices"
	"strings"
)

// commonWords returns the words that passwords are made of most often. The caller may append to them.
func commonWords() []string { return strings.Fields(common) }

// longestFirst sorts words so that none hides a longer one that begins with it.
func longestFirst(words []string) []string {
	return slices.SortedFunc(slices.Values(words), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
}

// common is what passwords are made of most often, in small letters, without the digits and signs that people put around it. It is ours:
// the heads of the lists that were leaked over the years, and what people say when they are asked for something longer.
const common = ofTheProgram + ofPasswords + ofKeyboards + ofHearts + ofGames + ofNames + ofBetween

const (
	ofTheProgram = `
expense expenses tracker expensetracker household ledger budget money finance
`
	ofPasswords = `
password passwords passwort passwrd passw pass passphrase passcode secret secrets secure security login logon signin access account
admin administrator root superuser system sysadmin user username guest default changeme change changeit letmein openup opensesame sesame
trustno1 nopassword mypassword thepassword newpassword oldpassword temp temporary test testing tester example sample demo none null
nothing whatever something anything forgot forgotten remember backup server computer internet network windows microsoft apple google
facebook twitter instagram linkedin youtube amazon netflix myspace yahoo hotmail gmail outlook android iphone samsung nokia
`
	ofKeyboards = `
qwerty qwertz azerty qwert asdfgh asdf zxcvbn zxcvbnm qazwsx wsxedc qweasd qweasdzxc asdqwe 1q2w3e4r5t6y7u8i9o0p 1q2w3e4r5t6y 1q2w3e4r5t
1q2w3e4r 1q2w3e q1w2e3r4t5y6 q1w2e3r4 q1w2e3 zaq12wsx zaq1xsw2 1qaz2wsx3edc 1qaz2wsx 1qazxsw2 qwe123 abc123 a1b2c3 aaa111 123qwe asd123
111222333 112233 121212 123123 123321 123456789 1234567890 12345678 1234567 123456 12345 654321 987654321 9876543210 0987654321 0123456789
147258369 159357 159753 789456123 741852963 999999 000000 111111 222222 333333 444444 555555 666666 696969 777777 888888 131313 102030
1230 1234 4321 2580 1111 2222 0000 6969 1212 1313
`
	ofHearts = `
iloveyou iloveu ilove loveyou loveme lovely lover loves love forever always together sweetheart sweet sweetie honey baby babygirl babyboy
darling angel angels princess prince queen king beautiful pretty handsome sexy hottie hello goodbye welcome welcomeback friend friends
friendship family mother father mommy daddy sister brother grandma grandpa husband wife mylove mybaby myfamily jesus christ jesuschrist
god godisgood blessed blessing heaven faith hope peace life happy happiness smile sunshine sunflower flower flowers butterfly rainbow
summer winter spring autumn holiday vacation weekend birthday christmas monday tuesday wednesday thursday friday saturday sunday january
february march april june july august september october november december
`
	ofGames = `
dragon monkey tiger lion eagle falcon phoenix panther wolf bear shark dolphin horse puppy kitty kitten chicken turtle snoopy scooby
pokemon pikachu minecraft fortnite roblox mario zelda sonic starwars startrek skywalker vader matrix superman batman spiderman ironman
avengers hulk thor hogwarts harrypotter gandalf frodo naruto goku football baseball basketball hockey soccer tennis golf golfer liverpool
chelsea arsenal manchester manunited barcelona realmadrid juventus yankees lakers cowboys steelers packers eagles raiders redsox
metallica nirvana slipknot linkinpark eminem beatles blink182 greenday acdc rockyou rockstar rockandroll guitar music mustang corvette
ferrari porsche mercedes harley yamaha honda toyota camaro hunter ranger killer master mistress warrior ninja samurai pirate soldier
assassin shadow ghost demon devil satan zombie vampire wizard magic mystic legend champion winner
`
	ofNames = `
michael michelle jennifer jessica ashley amanda nicole daniel david james john robert william thomas joseph charles christopher anthony
matthew andrew joshua jordan justin brandon ryan tyler austin george jackson charlie maggie bailey buster ginger pepper cookie chocolate
banana cheese orange purple yellow silver golden diamond crystal maria anna laura julia sarah alexander alexandra andrea martin stefan
patrick oliver nathan hannah samantha elizabeth victoria isabella london paris berlin america england germany deutschland france spain
brazil canada mexico texas california newyork chicago dallas boston
`
	ofBetween = `
the and you are for with this that have my is me our your his her not from all one two three four five six seven eight nine ten hundred
thousand million
`
)
