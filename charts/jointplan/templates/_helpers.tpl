{{/* The user-chosen name of the manager's service account. */}}
{{- define "jointplan.serviceAccountName" -}}
{{ .Values.serviceAccount.name }}
{{- end -}}

{{/* The user name as which the API server knows the manager: the admission policies name it. */}}
{{- define "jointplan.account" -}}
system:serviceaccount:{{ .Release.Namespace }}:{{ include "jointplan.serviceAccountName" . }}
{{- end -}}

{{/* The labels by which Services and the like find the pods. There is one release in a cluster, so they are fixed. */}}
{{- define "jointplan.selectorLabels" -}}
app.kubernetes.io/name: jointplan
{{- end -}}

{{/* The labels of every object. */}}
{{- define "jointplan.labels" -}}
{{ include "jointplan.selectorLabels" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{/* The image, by digest where one is given. */}}
{{- define "jointplan.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end -}}
