package member_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
)

func TestAnInvitationWorksOnce(t *testing.T) {
	h := newHome(t)
	ctx := t.Context()
	link := h.invite(ledger.Editor)
	offer, err := h.Look(ctx, bob, link)
	if err != nil || offer.Ledger.Name != "Household" || offer.By != ada || offer.Role != ledger.Editor ||
		!offer.Until.Equal(h.now.AddDate(0, 0, 7)) {
		t.Errorf("look gave %+v, %v", offer, err)
	}
	for range 2 {
		if joined, err := h.Accept(ctx, bob, link); err != nil || joined.Role != ledger.Editor || joined.Ledger.ID != h.in {
			t.Errorf("joined as %+v, %v", joined, err)
		}
	}
	_, err = h.Accept(ctx, cyd, link)
	h.wantKind("a used invitation", err, fault.Conflict, "has been used")
	_, err = h.Look(ctx, cyd, link)
	h.wantKind("a used invitation", err, fault.Conflict, "has been used")
	if _, err := h.Look(ctx, bob, link); err != nil {
		t.Errorf("who was let in looks again: %v", err)
	}
	h.want("1 owner, 2 editor")
}

func TestAnInvitationEnds(t *testing.T) {
	h := newHome(t)
	ctx := t.Context()
	withdrawn, expired := h.invite(ledger.Editor), h.invite(ledger.Editor)
	open, err := h.Invitations(ctx, h.actor(ada))
	if err != nil || len(open) != 2 {
		t.Fatal(open, err)
	}
	for range 2 {
		if err := h.Withdraw(ctx, h.actor(ada), open[1].ID); err != nil {
			t.Fatal(err)
		}
	}
	_, err = h.Accept(ctx, bob, withdrawn)
	h.wantKind("a withdrawn invitation", err, fault.Conflict, "was withdrawn")
	h.now = h.now.AddDate(0, 0, 7)
	_, err = h.Accept(ctx, bob, expired)
	h.wantKind("an expired invitation", err, fault.Conflict, "has expired")
	h.now = h.now.Add(-time.Microsecond)
	if _, err := h.Accept(ctx, bob, expired); err != nil {
		t.Errorf("at the last moment: %v", err)
	}
	h.wantKind("an invitation that is none", h.Withdraw(ctx, h.actor(ada), 99), fault.NotFound)
	if open, err := h.Invitations(ctx, h.actor(ada)); err != nil || len(open) != 0 {
		t.Errorf("open %+v, %v", open, err)
	}
}

func TestAMadeUpTokenIsFoundNowhere(t *testing.T) {
	h := newHome(t)
	link := h.invite(ledger.Owner)
	_, secret, _ := strings.Cut(link, "-")
	for _, made := range []string{
		"", "-", "1", secret, link + "0", link[:len(link)-1], strings.ToUpper(link), "0" + link, "-" + link, "99-" + secret, "0-" + secret,
		fmt.Sprint(h.in, "-", strings.Repeat("0", 64)), fmt.Sprint(h.in, "-", strings.Repeat("g", 64)), link + "\n", " " + link,
		"99999999999999999999-" + secret, fmt.Sprint("+", link),
	} {
		_, err := h.Look(t.Context(), bob, made)
		h.wantKind(fmt.Sprintf("look at %q", made), err, fault.NotFound, "no such invitation")
		_, err = h.Accept(t.Context(), bob, made)
		h.wantKind(fmt.Sprintf("accept %q", made), err, fault.NotFound)
		if strings.Contains(fmt.Sprint(err), secret) {
			t.Errorf("the error has the secret: %v", err)
		}
	}
	_, err := h.Accept(t.Context(), 0, link)
	h.wantKind("nobody accepts", err, fault.Unauthenticated)
	h.want("1 owner")
}

// A token is shown by Text alone.
func TestATokenPrintsAsNothing(t *testing.T) {
	h := newHome(t)
	token := h.NewToken(h.actor(ada))
	_, secret, _ := strings.Cut(token.Text(), "-")
	if printed := fmt.Sprintf("%v %s %+v", token, token, struct{ T member.Token }{token}); strings.Contains(printed, secret) {
		t.Error(printed)
	}
	if other := h.NewToken(h.actor(ada)); other.Text() == token.Text() || len(secret) != 64 {
		t.Errorf("two tokens: %s", token.Text())
	}
}

func TestAMemberKeepsTheHigherRole(t *testing.T) {
	h := newHome(t)
	h.join(bob, ledger.Editor)
	if joined := h.join(bob, ledger.Viewer); joined.Role != ledger.Editor {
		t.Errorf("an editor who was invited as viewer is %s", joined.Role)
	}
	if joined := h.join(bob, ledger.Owner); joined.Role != ledger.Owner {
		t.Errorf("an editor who was invited as owner is %s", joined.Role)
	}
	if open, err := h.Invitations(t.Context(), h.actor(ada)); err != nil || len(open) != 0 {
		t.Errorf("open %+v, %v", open, err)
	}
}

// A form that is sent twice makes one invitation, and both answers have its link.
func TestAnInvitationThatIsSentTwiceIsOne(t *testing.T) {
	h := newHome(t)
	drawn := h.NewToken(h.actor(ada))
	for range 2 {
		kept, token, err := h.Invite(t.Context(), h.actor(ada), member.InviteDraft{Token: drawn.Text(), Role: "viewer", Note: "Bob"})
		if err != nil || token.Text() != drawn.Text() || kept.ID != 1 {
			t.Errorf("invited as %+v, %v", kept, err)
		}
	}
	second := h.create(ada, "Second")
	actor, err := h.Actor(t.Context(), ada, second)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = h.Invite(t.Context(), actor, member.InviteDraft{Token: drawn.Text(), Role: "viewer"})
	h.wantKind("the token of another ledger", err, fault.NotFound)
	_, _, err = h.Invite(t.Context(), h.actor(ada), member.InviteDraft{Role: "king", Note: strings.Repeat("x", 101)})
	h.wantKind("an invitation that is none", err, fault.Invalid, "role:", "note:")
}

// An invitation is worth what its author is.
func TestTheInvitationOfWhoIsNoOwnerAnyMore(t *testing.T) {
	h := newHome(t)
	bobs := h.join(bob, ledger.Owner)
	_, token, err := h.Invite(t.Context(), bobs, member.InviteDraft{Role: "owner"})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Remove(t.Context(), h.actor(ada), bob); err != nil {
		t.Fatal(err)
	}
	for _, user := range []ledger.UserID{bob, cyd} {
		_, err = h.Accept(t.Context(), user, token.Text())
		h.wantKind("the invitation of one who was removed", err, fault.Conflict, "no owner")
	}
	h.want("1 owner")
}
