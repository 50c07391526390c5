package browser_test

import "github.com/chromedp/chromedp"

func tokenPictures() []picture {
	const list, makes = "GET /tokens", "POST /tokens"
	press := func(b *tab, button string) { b.do(chromedp.Click(chromedp.CSS(button))) }
	// made makes a token with the longest name, and sees to it that there is no other: a picture is taken often.
	made := func(b *tab, s *stock, scope string) {
		signed("/tokens")(b, s)
		if evaluate[bool](b, `document.querySelector('form[action$="/revoke"]') !== null`) {
			press(b, `form[action$="/revoke"] button`)
			b.await("the message", `document.querySelector("[role=status]")`)
		}
		b.retype("name", longest[:60])
		press(b, `input[name=scope][value=`+scope+`]`)
		press(b, `form[action="/tokens"] button.main`)
		b.await("the token", `document.querySelector("#token")`)
	}
	return []picture{
		{"tokens-none", list, gated, signed("/tokens")},
		{"token-refused", makes, gated, func(b *tab, s *stock) {
			signed("/tokens")(b, s)
			b.retype("name", " \u200b")
			press(b, `input[name=ends][value=day]`)
			press(b, `form[action="/tokens"] button.main`)
			b.await("the refusal", `document.querySelector("[role=alert]")`)
		}},
		{"token-made", makes, gated, func(b *tab, s *stock) { made(b, s, "write") }},
		{"token-made-reader", makes, gated, func(b *tab, s *stock) { made(b, s, "read") }},
		{"tokens", list, gated, func(b *tab, s *stock) {
			made(b, s, "write")
			b.open("/tokens")
		}},
		{"token-revoked", list, gated, func(b *tab, s *stock) {
			made(b, s, "read")
			b.open("/tokens")
			press(b, `form[action$="/revoke"] button`)
			b.await("the message", `document.querySelector("[role=status]")`)
		}},
	}
}
