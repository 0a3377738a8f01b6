-- Health of an MDFAllocation.
-- A request waits for a person while it can still get money: for its approval, for a cure of what refuses it, for money, or for
-- claims. What was refused for good, is paid, released or withdrawn is healthy.
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
if reason("Granted") == "RecoveryRequired" then
  return says("Suspended", "Granted")
end
if status.stage == "Draft" then
  return says("Healthy", "Eligible")
end
if status.stage == "PendingApproval" then
  return says("Suspended", "Approved")
end
if status.stage == "Waiting" then
  if reason("Granted") == "GrantPending" then
    return says("Progressing", "Granted")
  end
  return says("Suspended", "Granted")
end
if status.stage == "Refused" then
  local final = {
    ApprovalWithdrawn = true, BudgetGone = true, ClaimWindowClosed = true, Rejected = true, RequestDeadlineMissed = true,
  }
  if final[status.reason] then
    return says("Healthy", "Granted")
  end
  return says("Suspended", "Granted")
end
if status.stage == "Granted" then
  if has("Approved", "False") and reason("Approved") ~= "ApprovalWithdrawn" and reason("Approved") ~= "Rejected" then
    return says("Suspended", "Approved")
  end
  if has("ClaimWindowClosing", "True") then
    return says("Suspended", "ClaimWindowClosing")
  end
end
return says("Healthy", "Granted")
