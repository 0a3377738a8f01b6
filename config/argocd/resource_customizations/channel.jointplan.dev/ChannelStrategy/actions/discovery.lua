-- The actions on a PartnerProgram. None approves: an action writes as Argo CD itself, and an approval is a person's.
local annotations = obj.metadata.annotations or {}
local suspended = annotations["channel.jointplan.dev/suspend"] == "true"

local actions = {}
actions["reconcile"] = { ["disabled"] = suspended, ["iconClass"] = "fa fa-fw fa-refresh" }
actions["suspend"] = { ["disabled"] = suspended, ["iconClass"] = "fa fa-fw fa-pause" }
actions["resume"] = { ["disabled"] = not suspended, ["iconClass"] = "fa fa-fw fa-play" }
return actions
