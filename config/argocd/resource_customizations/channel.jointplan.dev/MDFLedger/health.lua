-- Health of an MDFLedger. It has no status: what is wrong with it, its MDFBudget says.
return { status = "Healthy", message = "written by the controller alone: its MDFBudget of the same name says how it stands" }
