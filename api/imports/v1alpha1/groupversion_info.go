package v1alpha1

import "k8s.io/apimachinery/pkg/runtime/schema"

// GroupName is the group of all mappings.
const GroupName = "imports.jointplan.dev"

// GroupVersion is the group and version of all kinds of this package.
var GroupVersion = schema.GroupVersion{Group: GroupName, Version: "v1alpha1"}
