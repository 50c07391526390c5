package browser_test

func searchPictures() []picture {
	const search = "GET /search"
	return []picture{
		{"search", search, demo, at("/search?q=market")},
		{"search-filtered", search, demo, at("/search?category=Groceries&max=50")},
		{"search-all", search, full, at("/search")},
		{"search-nothing", search, full, at("/search?q=zeppelin")},
		{"search-refused", search, full, at("/search?from=soon&min=5&max=1&q=market")},
	}
}
