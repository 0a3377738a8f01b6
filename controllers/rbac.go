package controllers

// What the manager's service account may do: read all of the project's kinds and the labels of namespaces, write statuses, keep
// revisions, record events, and ask the API server who may read its metrics. It writes no spec.
//
// +kubebuilder:rbac:groups=channel.jointplan.dev,resources=partnerprograms;partners;jointplans;campaigns;measurementsets;approvaldecisions;planrevisions,verbs=get;list;watch
// +kubebuilder:rbac:groups=channel.jointplan.dev,resources=partnerprograms/status;partners/status;jointplans/status;campaigns/status;measurementsets/status;approvaldecisions/status;planrevisions/status,verbs=patch
// +kubebuilder:rbac:groups=channel.jointplan.dev,resources=planrevisions,verbs=create
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch
// +kubebuilder:rbac:groups=events.k8s.io,resources=events,verbs=create;patch
// +kubebuilder:rbac:groups=authentication.k8s.io,resources=tokenreviews,verbs=create
// +kubebuilder:rbac:groups=authorization.k8s.io,resources=subjectaccessreviews,verbs=create
