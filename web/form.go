package web

import (
	"errors"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
)

// fieldRevision is the field of a change that says what its author saw.
const fieldRevision = "revision"

// readForm reads a request's body, urlencoded or multipart, into r.PostForm. Its error is a refusal, of the kind Invalid.
func (s *Site) readForm(r *http.Request) error {
	contentType := r.Header.Get("Content-Type")
	if contentType == "" {
		contentType = formType // a POST without a body has no type
	}
	media, _, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil:
		return refuseForm(http.StatusUnsupportedMediaType, err)
	case media == formType:
		err = r.ParseForm()
	case media == "multipart/form-data":
		err = r.ParseMultipartForm(s.options.BodyLimit) //nolint:gosec // guarded has bounded the body, to the same size: no part goes to a file
	default:
		return refuseForm(http.StatusUnsupportedMediaType, errors.New(media))
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return refuseForm(http.StatusRequestEntityTooLarge, err)
	case err != nil:
		return refuseForm(http.StatusBadRequest, err)
	}
	return nil
}

func refuseForm(status int, cause error) error {
	return &refusal{status: status, err: fault.Wrap(fault.Invalid, "web.form", cause)}
}

const formType = "application/x-www-form-urlencoded"

// draftOf returns the expense that a form says.
func draftOf(r *http.Request) expense.Draft {
	return expense.Draft{
		Category: r.PostForm.Get(expense.FieldCategory),
		Price:    r.PostForm.Get(expense.FieldPrice),
		Currency: r.PostForm.Get(expense.FieldCurrency),
		Date:     r.PostForm.Get(expense.FieldDate),
		Note:     r.PostForm.Get(expense.FieldNote),
		Key:      r.PostForm.Get(expense.FieldKey),
	}
}

// draftFrom returns the draft that would store e as it is.
func draftFrom(e expense.Expense) expense.Draft {
	return expense.Draft{
		Category: string(e.Category.Name), Price: e.Price.Decimal(), Currency: e.Price.Currency().Code(),
		Date: e.Date.String(), Note: e.Note,
	}
}

// pathID returns the number that names a row in the path; what is no number names nothing.
func pathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id < 1 || r.PathValue("id") != strconv.FormatInt(id, 10) {
		return 0, &refusal{status: http.StatusNotFound, err: err}
	}
	return id, nil
}

// sawOf returns what a form's author saw.
func sawOf(r *http.Request) (expense.Seen, error) {
	saw, err := expense.ParseSeen(r.PostForm.Get(fieldRevision))
	if err != nil {
		return expense.Seen{}, fault.Field("web", fieldRevision, err.Error())
	}
	return saw, nil
}

// fieldView is one field as it was typed, with what is wrong about it.
type fieldView struct {
	Value string
	Error string
	Focus bool // the first field to mend
}

// formView is the form of an expense.
type formView struct {
	Category, Price, Currency, Date, Note fieldView
	DateType                              string // the kind of control: one for dates would drop what is none
	Suggestions                           []string
}

// newFormView shows a draft as it was typed. The violations that have a field stand at it, and the first of them takes the focus.
func newFormView(draft expense.Draft, violations []fault.Violation) formView {
	view := formView{DateType: "date"}
	if _, err := civil.ParseDate(draft.Date); err != nil && draft.Date != "" {
		view.DateType = "text"
	}
	focused := false
	for _, f := range []struct {
		field *fieldView
		name  string
		typed string
	}{
		{&view.Category, expense.FieldCategory, draft.Category},
		{&view.Price, expense.FieldPrice, draft.Price},
		{&view.Currency, expense.FieldCurrency, draft.Currency},
		{&view.Date, expense.FieldDate, draft.Date},
		{&view.Note, expense.FieldNote, draft.Note},
	} {
		f.field.Value = strings.ToValidUTF8(f.typed, "\uFFFD")
		f.field.Error = messageAt(violations, f.name)
		f.field.Focus = f.field.Error != "" && !focused
		focused = focused || f.field.Focus
	}
	return view
}

// placeInForm orders fields as the form does; those that cannot be seen come last.
func placeInForm(field string) int {
	order := [...]string{expense.FieldCategory, expense.FieldPrice, expense.FieldCurrency, expense.FieldDate, expense.FieldNote, expense.FieldInto}
	if i := slices.Index(order[:], field); i >= 0 {
		return i
	}
	return len(order)
}

func messageAt(violations []fault.Violation, field string) string {
	for _, v := range violations {
		if v.Field == field {
			return v.Message
		}
	}
	return ""
}
