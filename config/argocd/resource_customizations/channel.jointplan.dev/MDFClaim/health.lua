-- Health of an MDFClaim.
-- A claim waits for a person until it is paid: for its decision, for what is missing, or for its payment. What is paid, lapsed or
-- refused for good is healthy.
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
  return says("Degraded", "Stalled")
end
if not has("Ready", "True") then
  return says("Progressing", "Ready")
end
if status.stage == "Draft" then
  return says("Healthy", "Accepted")
end
if status.stage == "Refused" then
  local final = { ClaimTooLate = true, NothingPayable = true, Rejected = true, ResubmissionTooLate = true }
  if final[status.reason] then
    return says("Healthy", "Accepted")
  end
  return says("Suspended", "Accepted")
end
if status.stage == "PendingDecision" or status.stage == "SentBack" then
  return says("Suspended", "Accepted")
end
if status.stage == "Accepted" then
  if reason("Settled") == "SettlementPending" then
    return says("Progressing", "Settled")
  end
  return says("Suspended", "Settled")
end
if status.stage == "Lapsed" then
  return says("Healthy", "Accepted")
end
return says("Healthy", "Settled")
