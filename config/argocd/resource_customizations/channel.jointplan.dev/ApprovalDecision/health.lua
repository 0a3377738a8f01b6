-- Health of an ApprovalDecision.
-- A decision cannot be changed: it is never degraded, and one that counts no more is history. A wrong one calls for another
-- decision, or for its target.
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

if status.observedGeneration == nil or status.observedGeneration ~= obj.metadata.generation then
  return { status = "Progressing", message = "waiting for the controller to evaluate it" }
end
if has("Reconciling", "True") then
  return says("Progressing", "Reconciling")
end
if has("Stalled", "True") then
  return says("Suspended", "Stalled")
end
if not has("Ready", "True") then
  return says("Progressing", "Ready")
end
if has("Effective", "True") or has("Effective", "False") then
  return says("Healthy", "Effective")
end
return says("Healthy", "Ready")
