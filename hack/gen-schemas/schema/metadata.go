package schema

// metadata returns the schema of an object's metadata. What only the cluster writes may be there, as in what kubectl get prints.
func metadata() object {
	const (
		name  = `^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
		label = `^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
		key   = `^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`
		value = `^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$`
	)
	text := func(description string) object { return object{"type": "string", "description": description} }
	number := func(description string) object { return object{"type": "integer", "description": description} }
	form := func(schema object, pattern string, most int, message string) object {
		schema["pattern"], schema["patternErrorMessage"], schema["minLength"], schema["maxLength"] = pattern, message, 1, most
		return schema
	}
	annotationKey := `^([^/]*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$` // its prefix is compared in small letters
	cluster := " The cluster writes it: leave it out of a manifest."
	return object{
		"type": "object", "description": "What identifies the object, and what people and programs note about it.", "required": []string{"name"},
		"additionalProperties": false,
		"properties": object{
			"name": form(text("The name of the object, unique among those of its kind in the namespace."), name, 253,
				"must consist of lower-case letters, digits, hyphens and points, and begin and end with a letter or digit"),
			"namespace": form(text("The namespace of the object. Kinds that stand above all namespaces have none."), label, 63,
				"must consist of lower-case letters, digits and hyphens, and begin and end with a letter or digit"),
			"generateName": text("What the cluster is to begin a name with. It does not work with kubectl apply: write name instead."),
			"labels": object{
				"type": "object", "description": "By what objects are selected: text by text.", "propertyNames": object{"pattern": key},
				"additionalProperties": object{"type": "string", "maxLength": 63, "pattern": value},
			},
			"annotations": object{
				"type": "object", "description": "What programs note: text by text. Write numbers and true in quotes.", "propertyNames": object{"pattern": annotationKey},
				"additionalProperties": object{"type": "string"},
			},
			"finalizers": object{"type": "array", "description": "Who has to agree before the object goes.", "items": object{"type": "string"}},
			"ownerReferences": object{
				"type": "array", "description": "The objects with which this one goes.",
				"items": object{
					"type": "object", "required": []string{"apiVersion", "kind", "name", "uid"}, "additionalProperties": false,
					"properties": object{
						"apiVersion": object{"type": "string"}, "kind": object{"type": "string"}, "name": object{"type": "string"}, "uid": object{"type": "string"},
						"controller": object{"type": "boolean"}, "blockOwnerDeletion": object{"type": "boolean"},
					},
				},
			},
			"uid":                        text("What tells the object from one of the same name that was there before." + cluster),
			"resourceVersion":            text("What tells the object's states apart." + cluster),
			"generation":                 number("How often the spec was changed." + cluster),
			"selfLink":                   text("It means nothing any more."),
			"creationTimestamp":          object{"type": []string{"string", "null"}, "description": "When the object was created." + cluster},
			"deletionTimestamp":          object{"type": []string{"string", "null"}, "description": "When the object was deleted." + cluster},
			"deletionGracePeriodSeconds": number("How long the object may take to go." + cluster),
			"managedFields":              object{"type": "array", "description": "Who wrote which field." + cluster, "items": object{"type": "object"}},
		},
	}
}
