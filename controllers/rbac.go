package controllers

// What the manager's service account may do: read all of the project's kinds and the labels of namespaces, write statuses, keep
// revisions and take owners from them, keep ledgers, catalogs and reports, publish benchmarks, record events, check that the admission policies are in force, and ask the API server who may read its metrics.
// It writes no spec.
//
// +kubebuilder:rbac:groups=channel.jointplan.dev,resources=partnerprograms;programcatalogs;channelstrategies;programreports;channelmanagers;benchmarks;publishedbenchmarks;partners;jointplans;campaigns;measurementsets;planreviews;approvaldecisions;planrevisions;mdfbudgets;mdfallocations;mdfclaims;mdfledgers,verbs=get;list;watch
// +kubebuilder:rbac:groups=channel.jointplan.dev,resources=partnerprograms/status;channelstrategies/status;programreports/status;channelmanagers/status;partners/status;jointplans/status;campaigns/status;measurementsets/status;planreviews/status;approvaldecisions/status;planrevisions/status;mdfbudgets/status;mdfallocations/status;mdfclaims/status,verbs=patch
// +kubebuilder:rbac:groups=channel.jointplan.dev,resources=planrevisions,verbs=create;patch
// +kubebuilder:rbac:groups=channel.jointplan.dev,resources=mdfledgers;programcatalogs;programreports,verbs=create;update
// +kubebuilder:rbac:groups=channel.jointplan.dev,resources=benchmarks;publishedbenchmarks,verbs=create
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch
// +kubebuilder:rbac:groups=admissionregistration.k8s.io,resources=validatingadmissionpolicies;validatingadmissionpolicybindings,verbs=get;list;watch
// +kubebuilder:rbac:groups=events.k8s.io,resources=events,verbs=create;patch
// +kubebuilder:rbac:groups=authentication.k8s.io,resources=tokenreviews;selfsubjectreviews,verbs=create
// +kubebuilder:rbac:groups=authorization.k8s.io,resources=subjectaccessreviews,verbs=create
