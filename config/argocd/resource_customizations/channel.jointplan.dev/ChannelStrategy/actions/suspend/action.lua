-- Stops the evaluation of the object: its status stays as it is until it is resumed.
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["channel.jointplan.dev/suspend"] = "true"
return obj
