-- Lets the controller evaluate the object again.
if obj.metadata.annotations ~= nil then
  obj.metadata.annotations["channel.jointplan.dev/suspend"] = nil
end
return obj
