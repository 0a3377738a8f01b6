-- Health of a JointPlan.
-- Someone must act while a review is overdue, an approval is awaited or results are missing. How far a plan has come is no
-- fault of its manifest: a plan that is off track is healthy, and the message says how it stands.
local status = obj.status or {}
local conditions = {}
for _, condition in ipairs(status.conditions or {}) do
  conditions[condition.type] = condition
end

-- has reports whether a condition has a status.
local function has(kind, value)
  return conditions[kind] ~= nil and conditions[kind].status == value
end

-- reason returns the reason of a condition.
local function reason(kind)
  return conditions[kind] ~= nil and conditions[kind].reason or ""
end

-- says returns a health with the message of a condition.
local function says(health, kind)
  local condition = conditions[kind] or conditions["Ready"]
  return { status = health, message = condition ~= nil and condition.message or "waiting for the controller to evaluate it" }
end

if has("Suspended", "True") and conditions["Suspended"].observedGeneration == obj.metadata.generation then
  return says("Suspended", "Suspended")
end
if status.observedGeneration == nil or status.observedGeneration ~= obj.metadata.generation then
  return { status = "Progressing", message = "waiting for the controller to evaluate it" }
end
if has("Reconciling", "True") then
  return says("Progressing", "Reconciling")
end
if has("Stalled", "True") then
  return says("Degraded", "Stalled")
end
if not has("Ready", "True") then
  return says("Progressing", "Ready")
end
if status.stage == "Closed" then
  return says("Healthy", "OnTrack")
end
if has("ReviewOverdue", "True") then
  return says("Suspended", "ReviewOverdue")
end
if has("Approved", "False") then
  if reason("Approved") == "Draft" or reason("Approved") == "Rejected" then
    return says("Healthy", "Approved")
  end
  return says("Suspended", "Approved")
end
if has("ResultsStale", "True") then
  return says("Suspended", "ResultsStale")
end
return says("Healthy", "OnTrack")
