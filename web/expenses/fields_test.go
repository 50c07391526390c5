package expenses_test

import (
	"testing"

	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

func TestPayeeTagsAndRefundAreShown(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Follow(s.Post("/add", "category", "food", "price", "5", "payee", "Ana & Bo", "tags", "#work, family", "note", "lunch", "refund", "1")).
		Want(t, 200, "Added food, -$5.00.", `<b class="back">-$5.00</b>`, "Ana &amp; Bo · lunch", `<span class="tag">#work #family</span>`,
			`<span class="pill">Refund</span>`, `<data id="total" value="-5.00">`)
	s.Get("/expenses/1").Want(t, 200, `value="Ana &amp; Bo"`, `value="#work #family"`, `name="refund" value="1" checked`, "more\" open")
	s.Post("/add", "category", "food", "price", "-5", "tags", "a b c d e f g h i j k", "refund", "1").
		Want(t, 422, "n expense has at most 10 tags; this has 11", `class="fold" open`, `value="a b c d e f g h i j k"`,
			"choose “Refund”", `name="refund" value="1" checked`)
}
