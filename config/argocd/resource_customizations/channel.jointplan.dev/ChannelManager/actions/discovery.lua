-- The actions on a PlanRevision. None approves: an action writes as Argo CD itself, and an approval is a person's.
local actions = {}
actions["reconcile"] = { ["disabled"] = false, ["iconClass"] = "fa fa-fw fa-refresh" }
return actions
