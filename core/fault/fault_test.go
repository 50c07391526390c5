package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"expense-tracker/core/fault"
)

func ExampleError() {
	cause := errors.New("connection refused")
	err := fmt.Errorf("show the page: %w", fault.Wrap(fault.Unavailable, "expense.Home", cause))
	fmt.Println(err)
	fmt.Println(errors.Is(err, fault.Unavailable), errors.Is(err, fault.NotFound), errors.Is(err, cause), fault.KindOf(err))
	// Output:
	// show the page: expense.Home: unavailable: connection refused
	// true false true unavailable
}

func TestKindOf(t *testing.T) {
	if got := fault.KindOf(errors.New("anything")); got != fault.Internal {
		t.Errorf("an unknown error is %v, want internal", got)
	}
	wrapped := fault.Wrap(fault.Conflict, "outer", fault.New(fault.NotFound, "inner", "gone"))
	if got := fault.KindOf(wrapped); got != fault.Conflict {
		t.Errorf("a wrapped fault is %v, want the outer kind", got)
	}
	if fault.Wrap(fault.Invalid, "op", nil) != nil {
		t.Error("wrapping nil gave an error")
	}
}

func TestViolationsOf(t *testing.T) {
	inner := fault.Field("inner", "price", "too low")
	outer := &fault.Error{Kind: fault.Invalid, Op: "outer", Violations: []fault.Violation{{Field: "date", Message: fault.Say("too early")}},
		Err: inner}
	got := fmt.Sprint(fault.ViolationsOf(fmt.Errorf("around: %w", outer)))
	if want := "[{date too early} {price too low}]"; got != want {
		t.Errorf("violations %s, want %s", got, want)
	}
}

func TestMessageOfLooksThroughFaultsOfTheSameKind(t *testing.T) {
	full := &fault.Error{Kind: fault.Unavailable, Message: fault.Say("the disk is full"), Err: errors.New("ENOSPC")}
	for _, test := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{errors.New("plain"), ""},
		{full, "the disk is full"},
		{fmt.Errorf("around: %w", fault.Wrap(fault.Unavailable, "op", fmt.Errorf("inside: %w", full))), "the disk is full"},
		{&fault.Error{Kind: fault.Unavailable, Message: fault.Say("outer"), Err: full}, "outer"},
		{fault.Wrap(fault.Conflict, "op", full), ""}, // it says nothing about the conflict
		{errors.Join(errors.New("other"), full), "the disk is full"},
	} {
		if got := fault.MessageOf(test.err); got != test.want {
			t.Errorf("%v: %q, want %q", test.err, got, test.want)
		}
	}
}
