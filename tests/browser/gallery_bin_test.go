package browser_test

func binPictures() []picture {
	return []picture{
		{"bin", "GET /bin", full, at("/bin")},
		{"bin-empty", "GET /bin", empty, at("/bin")},
	}
}
