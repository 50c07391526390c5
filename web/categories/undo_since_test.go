package categories_test

import (
	"net/http"
	"testing"

	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// Somebody else chooses a look before the page is there that tells of the first: to undo that one would take theirs away.
func TestALookOfSomebodyElseIsNotUndone(t *testing.T) {
	s := siteWithCategories(t)
	mine := s.Post("/categories/1/look", "revision", "1", "colour", "plum", "icon", "🍕")
	s.Post("/categories/1/look", "revision", "2", "colour", "teal", "icon", "🍎").Want(t, 303)
	s.Follow(mine).Want(t, 200, "food has its new look.", "c-teal", "!Undo</button>")
}

// Its reader is in another ledger by the time that the page tells of a removal: there the number is another category's.
func TestARemovalIsUndoneInItsLedgerAlone(t *testing.T) {
	in := ledger.LocalOwner(ledgertest.Ledger(ledger.Default))
	s := webtest.New(t, web.Options{Actor: func(*http.Request) (ledger.Actor, error) { return in, nil }})
	s.Post("/add", "category", "once", "price", "1", "idempotency_key", "form-1").Want(t, 303)
	s.Post("/expenses/1/delete", "revision", "1").Want(t, 303)
	removed := s.Post("/categories/1/remove", "revision", "1")
	s.Follow(removed).Want(t, 200, "The category was removed.", "Undo</button>")
	in.Ledger.ID = 7
	s.Follow(removed).Want(t, 200, "The category was removed.", "!Undo</button>")
	in.Ledger.ID, in.Role = ledger.Default, ledger.Viewer
	s.Follow(removed).Want(t, 200, "The category was removed.", "!Undo</button>")
}
