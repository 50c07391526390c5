package household

import (
	"context"
	"net/http"
	"strconv"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// peopleView is the page of who shares the current ledger.
type peopleView struct {
	page.Layout
	Ledger  string       // its name
	Members []memberView // none where they cannot be read now
	Owner   bool         // the reader decides on people
	Stays   bool         // the reader is the last owner
	Alone   bool         // there is nobody else to invite
	Invite  inviteView
	Open    []openView
	Log     string
	Problem *problem.Problem
}

type memberView struct {
	Name, Role, Since string
	You               bool
	Link              string
	Roles             []choiceView
}

type inviteView struct {
	Token string
	Roles []choiceView
	Role  form.Field
	Note  form.Field
}

// openView is an invitation that can be accepted.
type openView struct{ About, Until, Withdraw string }

// The phrases of the page.
const (
	titlePeople    words.Phrase = "People"
	titleNotDone   words.Phrase = "Not done"
	invitedAs      words.Phrase = "As %s, by %s"
	invitedAsNoted words.Phrase = "%[3]s, as %[1]s, by %[2]s"
	invitedUntil   words.Phrase = "Open until %s"
	fieldToken                  = "token"
	usualRole                   = ledger.Editor
)

// Members answers GET /people.
func (a *Area) Members(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	in := a.Words.Of(r)
	view, err := a.peopleView(r.Context(), in, actor)
	if err != nil {
		return err
	}
	if view.Notice, err = a.Notices.Take(w, r, in, actor); err != nil {
		return err
	}
	return a.members.Show(w, view)
}

func (a *Area) peopleView(ctx context.Context, in *words.Language, actor ledger.Actor) (peopleView, error) {
	all, err := a.service.Members(ctx, actor)
	if err != nil {
		return peopleView{}, err
	}
	view := peopleView{
		Layout: a.Frame.Layout(in, actor, in.T(titlePeople), section), Ledger: actor.Ledger.Name, Owner: actor.Role == ledger.Owner,
		Alone: a.People.IsAlone(),
	}
	var open []member.Invitation
	users, owners := make([]ledger.UserID, 0, len(all)), 0
	for _, m := range all {
		users = append(users, m.User)
		if m.Role == ledger.Owner {
			owners++
		}
	}
	if view.Owner {
		if open, err = a.service.Invitations(ctx, actor); err != nil {
			return peopleView{}, err
		}
		for _, i := range open {
			users = append(users, i.By)
		}
		view.Log = logAddress
		view.Invite = inviteView{Token: a.service.NewToken(actor).Text(), Roles: choices(in, usualRole.String())}
	}
	view.Stays = view.Owner && owners == 1
	name, err := a.People.Of(ctx, in, users...)
	if err != nil {
		return peopleView{}, err
	}
	today := a.service.Today(actor.Ledger)
	for _, m := range all {
		shown := memberView{
			Name: name(m.User), Role: in.T(wordsOf(m.Role).rank), You: m.User == actor.User, Since: in.Date(actor.Ledger.Today(m.Since), today),
		}
		if view.Owner && !shown.You {
			shown.Link, shown.Roles = PeopleAddress+"/"+strconv.FormatInt(int64(m.User), 10), choices(in, m.Role.String())
		}
		view.Members = append(view.Members, shown)
	}
	for _, i := range open {
		shown := openView{
			About: in.T(invitedAs, wordsOf(i.Role).name, name(i.By)), Until: in.T(invitedUntil, a.until(in, actor.Ledger, i)),
			Withdraw: PeopleAddress + "/invitations/" + strconv.FormatInt(int64(i.ID), 10) + "/withdraw",
		}
		if i.Note != "" {
			shown.About = in.T(invitedAsNoted, wordsOf(i.Role).name, name(i.By), i.Note)
		}
		view.Open = append(view.Open, shown)
	}
	return view, nil
}

// until says when an invitation ends, as the ledger's people see it.
func (a *Area) until(in *words.Language, own ledger.Ledger, i member.Invitation) string {
	return in.T(onDayAt, in.Date(own.Today(i.Until), a.service.Today(own)), in.Clock(own.At(i.Until)))
}

// SetRole answers POST /people/{id}/role.
func (a *Area) SetRole(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(r, actor, func(user ledger.UserID) error {
		if err := a.service.SetRole(r.Context(), actor, user, r.PostForm.Get(member.FieldRole)); err != nil {
			return err
		}
		a.happened.role.Redirect(w, r, PeopleAddress, int64(user))
		return nil
	})
}

// Remove answers POST /people/{id}/remove.
func (a *Area) Remove(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	return a.change(r, actor, func(user ledger.UserID) error {
		if err := a.service.Remove(r.Context(), actor, user); err != nil {
			return err
		}
		a.happened.removed.Redirect(w, r, PeopleAddress, int64(user))
		return nil
	})
}

// change reads which member is meant and applies a change. What is wrong is shown above the members as they are now.
func (a *Area) change(r *http.Request, actor ledger.Actor, apply func(ledger.UserID) error) error {
	id, err := form.ID(r)
	if err != nil {
		return err
	}
	if err := form.Read(r); err != nil {
		return err
	}
	if err := apply(ledger.UserID(id)); err != nil {
		return a.again(r, actor, problem.MaybeChanged(err), nil)
	}
	return nil
}

// again returns err as one that shows the page again, as it is now, with what was typed.
func (a *Area) again(r *http.Request, actor ledger.Actor, err error, typed func(*peopleView, problem.Problem)) error {
	ours := problem.IsOurs(err)
	if kind := fault.KindOf(err); kind == fault.Forbidden || kind == fault.NotFound || ours && typed == nil {
		return err
	}
	ctx, in := context.WithoutCancel(r.Context()), a.Words.Of(r)
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		view := peopleView{
			Layout: a.Frame.Layout(in, actor, in.T(titlePeople), section), Ledger: actor.Ledger.Name, Owner: true,
			Invite: inviteView{Token: r.PostForm.Get(fieldToken)},
		}
		if !ours {
			var missing error
			if view, missing = a.peopleView(ctx, in, actor); missing != nil {
				return a.Problems.Page(p, nil)
			}
		}
		p = labels().Arrange(p)
		if typed != nil {
			typed(&view, p)
		}
		view.Problem, view.Title = &p, in.T(titleNotDone)
		return a.members.Render(view)
	})
}

// Leave answers POST /people/leave.
func (a *Area) Leave(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	if err := form.Read(r); err != nil {
		return err
	}
	if err := a.service.Leave(r.Context(), actor); err != nil {
		return a.again(r, actor, problem.MaybeChanged(err), nil)
	}
	a.setWish(w, 0)
	a.happened.left.Redirect(w, r, Address, int64(actor.Ledger.ID))
	return nil
}
