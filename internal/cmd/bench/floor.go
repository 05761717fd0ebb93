package main

// pageLength is how many entries Bitbucket lists on a page.
const pageLength = 100

// applyProcesses is how many processes of the provider work in one apply, the one that plans and the one that applies. Neither knows what the
// other has read.
const applyProcesses = 2

// list is a list in Bitbucket: of the users or of the groups with a permission on a repository.
type list struct {
	object string
	user   bool
}

// lists returns the lists that hold the grants, with their lengths, as they have to be read: an additive grant needs the one that it is in,
// whoever owns a repository needs both. All the groups of a workspace are one list.
func (s shape) lists(grants []grant, w writing) map[list]int {
	if s.members {
		return map[list]int{{}: 1}
	}
	lengths := map[list]int{}
	for _, g := range grants {
		lengths[list{g.object, g.user}]++
		if w == exclusive {
			lengths[list{g.object, !g.user}] += 0
		}
	}
	return lengths
}

// pages is how many requests it takes to list so many entries: to see that there are none takes one.
func pages(entries int) int { return max(1, (entries+pageLength-1)/pageLength) }

// floor is the fewest requests that a command can do with. A plan reads each list. An apply writes each grant; who plans a user looks the
// people of the workspace up; who owns a list looks at it before, when it is empty; and where memberships are written it matters who
// administers the groups, which their listing tells.
func (s shape) floor(grants []grant, w writing, c command) int {
	lists := s.lists(grants, w)
	if c == plan {
		requests := 0
		for _, length := range lists {
			requests += pages(length)
		}
		return requests
	}
	looked := 0
	if w == exclusive || s.members {
		looked += len(lists)
	}
	if people := len(users(grants)); people > 0 {
		looked += pages(people + 1) // with the owner
	}
	return len(grants) + applyProcesses*looked
}
