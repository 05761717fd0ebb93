package simulator

import "time"

// organizations is what the simulator keeps about the organization API beside the world.
type organizations struct {
	past history // what reads of the organization API see
	// visible is the lag before a write through the API shows in its reads, follows the one before it shows in Bitbucket.
	visible, follows time.Duration
	coming           []coming
	budgets          map[string]*budget // by organization id
}

// coming is what Bitbucket will follow, and the moment at which it does.
type coming struct {
	organizations table[*organization]
	at            time.Time
}

// SetOrganizationLag changes the lags of the writes through the organization API that are still to come: the one before they show
// in its own reads and the one before they show in Bitbucket.
func (s *Simulator) SetOrganizationLag(organization, bitbucket time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.organizations.visible, s.organizations.follows = organization, bitbucket
}

// changed lets Bitbucket follow a write through the organization API, at once or after the lag.
func (s *Simulator) changed() {
	o := &s.organizations
	if o.follows == 0 {
		o.coming = nil
		s.world.follow(&s.world.organizations)
		return
	}
	later := s.world.organizations.clone((*organization).clone)
	o.coming = append(o.coming, coming{organizations: later, at: s.options.Now().Add(o.follows)})
}

// catchUp lets Bitbucket follow what is due by now.
func (s *Simulator) catchUp() {
	o, now := &s.organizations, s.options.Now()
	for len(o.coming) > 0 && !now.Before(o.coming[0].at) {
		s.world.follow(&o.coming[0].organizations)
		o.coming = o.coming[1:]
	}
}

// settle ends every lag.
func (s *Simulator) settle() {
	if len(s.organizations.coming) > 0 {
		s.world.follow(&s.world.organizations)
	}
	s.past, s.organizations.past, s.organizations.coming = nil, nil, nil
}

// truth is the world without any lag; only a direct function that reads may use it.
func (s *Simulator) truth() *world {
	if len(s.organizations.coming) == 0 {
		return s.world
	}
	w := s.world.clone()
	w.follow(&w.organizations)
	return w
}
