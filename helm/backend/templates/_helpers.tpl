{{- define "backend.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "backend.labels" -}}
{{ include "backend.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: oxcart
{{- end }}

{{- define "backend.image" -}}
{{- $repository := .Values.image.repository | default .Values.facts.repositories.backend -}}
{{- with .Values.image.digest }}{{ $repository }}@{{ . }}{{ else }}{{ $repository }}:{{ .Values.image.tag }}{{ end -}}
{{- end }}

{{- /* A name for things that cannot be changed, new with every image. */ -}}
{{- define "backend.release" -}}
{{- with .Values.image.digest }}{{ trimPrefix "sha256:" . | trunc 12 }}{{ else }}{{ .Values.image.tag | lower | replace "." "-" | replace "_" "-" | trunc 40 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{- define "backend.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "backend.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- /* What every command of the backend is told: settings, and where its secrets are. */ -}}
{{- define "backend.environment" -}}
envFrom:
  - configMapRef:
      name: {{ .Chart.Name }}
env:
{{- if eq .Values.secrets.source "aws" }}
  - name: SECRETS_DATABASE
    value: oxcart/{{ .Values.facts.environment }}/database
  - name: SECRETS_REDIS
    value: oxcart/{{ .Values.facts.environment }}/redis
  - name: SECRETS_JWT
    value: oxcart/{{ .Values.facts.environment }}/jwt
  - name: SECRETS_REFRESH
    value: {{ .Values.secrets.aws.refreshSeconds | quote }}
  - name: AWS_REGION
    value: {{ .Values.facts.region }}
{{- else }}
{{- range list "DATABASE_URL" "REDIS_HOST" "REDIS_PASSWORD" "JWT_SECRET" }}
  - name: {{ . }}
    valueFrom:
      secretKeyRef:
        name: {{ $.Values.secrets.name }}
        key: {{ . }}
{{- end }}
  # There once the first has been replaced.
  - name: JWT_SECRET_PREVIOUS
    valueFrom:
      secretKeyRef:
        name: {{ $.Values.secrets.name }}
        key: JWT_SECRET_PREVIOUS
        optional: true
{{- end }}
{{- with .Values.mail.smtpSecret }}
  - name: SMTP_URL
    valueFrom:
      secretKeyRef:
        name: {{ . }}
        key: SMTP_URL
{{- end }}
{{- end }}

{{- define "backend.mounts" -}}
- name: tmp
  mountPath: /tmp
{{- if ne .Values.media.store "bucket" }}
- name: media
  mountPath: /media
{{- end }}
{{- if .Values.database.caConfigMap }}
- name: database-ca
  mountPath: /etc/oxcart/database
  readOnly: true
{{- end }}
{{- end }}

{{- define "backend.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- if eq .Values.media.store "claim" }}
- name: media
  persistentVolumeClaim:
    claimName: {{ .Values.media.claim }}
{{- else if eq .Values.media.store "folder" }}
- name: media
  emptyDir:
    sizeLimit: {{ .Values.media.size }}
{{- end }}
{{- with .Values.database.caConfigMap }}
- name: database-ca
  configMap:
    name: {{ . }}
{{- end }}
{{- end }}
