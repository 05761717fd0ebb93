package review

import (
	"fmt"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// numbered numbers things in the order in which they are first asked for.
type numbered[K comparable] map[K]int

// number is the number of a thing, and whether it is new.
func (n numbered[K]) number(key K) (int, bool) {
	i, ok := n[key]
	if !ok {
		i = len(n)
		n[key] = i
	}
	return i, !ok
}

// addAccess adds what people have on repositories. Thousands share the same few paths, so that paths, and sets of paths, are written once.
func (d *pageData) addAccess(x *index) {
	cells := x.cells()
	paths, sets := numbered[access.Path]{}, numbered[string]{"[0 0]": 0}
	d.Sets = [][]int{{0, 0}}
	for _, row := range cells {
		runs := []int{}
		for _, a := range row {
			n := 0
			if a != nil {
				n = d.setNumber(d.set(a, paths), sets)
			}
			if last := len(runs) - 2; last >= 0 && runs[last] == n {
				runs[last+1]++
				continue
			}
			runs = append(runs, n, 1)
		}
		d.Rows = append(d.Rows, runs)
	}
}

// setNumber is the place of a set, which is added when it is new.
func (d *pageData) setNumber(set []int, sets numbered[string]) int {
	n, fresh := sets.number(fmt.Sprint(set))
	if fresh {
		d.Sets = append(d.Sets, set)
	}
	return n
}

// set is one cell: the level, how many paths give as much, and the paths.
func (d *pageData) set(a *access.EffectiveAccess, paths numbered[access.Path]) []int {
	set := []int{placeOf(d.Levels, a.Permission), 0}
	for _, p := range a.Paths {
		n, fresh := paths.number(*p)
		if fresh {
			d.Paths = append(d.Paths, visible(p.String()))
		}
		if p.OnRepository() == a.Permission {
			set[1]++
		}
		set = append(set, n)
	}
	return set
}

// cells are what each person has on each repository; nil is no access.
func (x *index) cells() [][]*access.EffectiveAccess {
	columns := map[string]int{}
	for i, r := range x.Repositories {
		columns[r.Slug] = i
	}
	rows := make([][]*access.EffectiveAccess, len(x.People))
	for i := range rows {
		rows[i] = make([]*access.EffectiveAccess, len(x.Repositories))
	}
	for i, a := range x.Access {
		column, known := columns[a.Repository.Slug]
		if row := x.person(a.Person.UUID, a.Person.AccountID); known && row >= 0 {
			rows[row][column] = &x.Access[i]
		}
	}
	return rows
}
