package browser_test

func problemPictures() []picture {
	return []picture{
		{"not-found", "", full, at("/nothing")},
		{"not-found-expense", "GET /expenses/{id}", full, at("/expenses/987654321")},
	}
}
