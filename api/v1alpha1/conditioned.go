package v1alpha1

// Common returns the part of the status that all kinds share.
func (p *PartnerProgram) Common() *CommonStatus { return &p.Status.CommonStatus }

// Common returns the part of the status that all kinds share.
func (p *Partner) Common() *CommonStatus { return &p.Status.CommonStatus }

// Common returns the part of the status that all kinds share.
func (p *JointPlan) Common() *CommonStatus { return &p.Status.CommonStatus }

// Common returns the part of the status that all kinds share.
func (c *Campaign) Common() *CommonStatus { return &c.Status.CommonStatus }

// Common returns the part of the status that all kinds share.
func (m *MeasurementSet) Common() *CommonStatus { return &m.Status.CommonStatus }

// Common returns the part of the status that all kinds share.
func (a *ApprovalDecision) Common() *CommonStatus { return &a.Status.CommonStatus }

// Common returns the part of the status that all kinds share.
func (r *PlanReview) Common() *CommonStatus { return &r.Status.CommonStatus }

// Common returns the part of the status that all kinds share.
func (r *PlanRevision) Common() *CommonStatus { return &r.Status.CommonStatus }

// Common returns the part of the status that all kinds share.
func (b *MDFBudget) Common() *CommonStatus { return &b.Status.CommonStatus }

// Common returns the part of the status that all kinds share.
func (a *MDFAllocation) Common() *CommonStatus { return &a.Status.CommonStatus }

// Common returns the part of the status that all kinds share.
func (c *MDFClaim) Common() *CommonStatus { return &c.Status.CommonStatus }

// Common returns the part of the status that all kinds share.
func (s *ChannelStrategy) Common() *CommonStatus { return &s.Status.CommonStatus }

// Common returns the part of the status that all kinds share.
func (r *ProgramReport) Common() *CommonStatus { return &r.Status.CommonStatus }

// Common returns the part of the status that all kinds share.
func (m *ChannelManager) Common() *CommonStatus { return &m.Status.CommonStatus }
