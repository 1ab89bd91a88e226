{{- /* How every application is kept: by itself, and tried again when the cluster is not ready. */ -}}
{{- define "apps.sync" -}}
syncPolicy:
  automated:
    prune: true
    selfHeal: true
  retry:
    limit: 10
    # A try after a failed one is of the newest commit: else the fix waits behind the mistake.
    refresh: true
    backoff:
      duration: 10s
      factor: 2
      maxDuration: 5m
{{- end }}

{{- define "apps.cluster" -}}
server: https://kubernetes.default.svc
{{- end }}
