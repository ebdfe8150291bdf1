"""The yardstick: a Hugo project that reads the same registry and writes a plain page a version and a model."""

import os
import shutil
from pathlib import Path

FILES = {
    "hugo.toml": """baseURL = "https://example.org/"
title = "Registry"
disableKinds = ["taxonomy", "term", "RSS", "sitemap", "404"]
[module]
[[module.mounts]]
source = "content"
target = "content"
[[module.mounts]]
source = "layouts"
target = "layouts"
""",
    "content/_content.gotmpl": """{{- range $model := os.ReadDir "registry" }}
{{- $.AddPage (dict "kind" "section" "path" $model.Name "title" $model.Name) }}
{{- range $version := os.ReadDir (printf "registry/%s" $model.Name) }}
{{- $folder := printf "registry/%s/%s" $model.Name $version.Name }}
{{- $read := newScratch }}
{{- range os.ReadDir $folder }}{{ $read.SetInMap "files" .Name .Size }}{{ end }}
{{- range slice "metrics" "params" "tags" }}
{{- $read.Set . (transform.Unmarshal (os.ReadFile (printf "%s/%s.json" $folder .))) }}
{{- end }}
{{- $mlmodel := transform.Unmarshal (dict "format" "yaml") (os.ReadFile (printf "%s/MLmodel" $folder)) }}
{{- $columns := transform.Unmarshal $mlmodel.signature.inputs }}
{{- $outputs := transform.Unmarshal $mlmodel.signature.outputs }}
{{- $requirements := os.ReadFile (printf "%s/requirements.txt" $folder) }}
{{- $values := dict "mlmodel" $mlmodel "inputs" $columns "outputs" $outputs
  "read" $read.Values "requirements" $requirements }}
{{- $.AddPage (dict "kind" "page" "path" (printf "%s/%s" $model.Name $version.Name)
  "title" (printf "%s %s" $model.Name $version.Name) "params" $values) }}
{{- end }}{{ end }}
""",
    "layouts/baseof.html": """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body><nav>{{ partialCached "models.html" . }}</nav><main>{{ block "main" . }}{{ end }}</main></body></html>
""",
    "layouts/_partials/models.html": """<ul>{{ range first 100 site.Sections -}}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>
{{ end }}</ul>""",
    "layouts/_partials/pairs.html": """<h2>{{ .title }}</h2><table>{{ range $name, $value := .pairs -}}
<tr><th scope="row">{{ $name }}</th><td>{{ $value }}</td></tr>
{{ end }}</table>""",
    "layouts/_partials/columns.html": """<h2>{{ .title }}</h2><table>{{ range .columns -}}
<tr><td><code>{{ .name }}</code></td><td><code>{{ .type }}</code></td><td>{{ .required }}</td></tr>
{{ end }}</table>""",
    "layouts/home.html": """{{ define "main" }}<h1>Models</h1>{{ partial "models.html" . }}{{ end }}""",
    "layouts/list.html": """{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range .Pages -}}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>
{{ end }}</ul>{{ end }}""",
    "layouts/single.html": """{{ define "main" }}<h1>{{ .Title }}</h1>{{ $values := .Params }}
{{ partial "columns.html" (dict "title" "Inputs" "columns" $values.inputs) }}
{{ partial "columns.html" (dict "title" "Outputs" "columns" $values.outputs) }}
{{ partial "pairs.html" (dict "title" "Metrics" "pairs" $values.read.metrics) }}
{{ partial "pairs.html" (dict "title" "Parameters" "pairs" $values.read.params) }}
{{ partial "pairs.html" (dict "title" "Tags" "pairs" $values.read.tags) }}
{{ range $name, $flavor := $values.mlmodel.flavors }}{{ partial "pairs.html" (dict "title" $name "pairs" $flavor) }}
{{ end }}{{ partial "pairs.html" (dict "title" "Files" "pairs" $values.read.files) }}
<h2>Requirements</h2><pre>{{ $values.requirements }}</pre>{{ end }}""",
}


def prepare(registry: Path, project: Path) -> None:
    """Write the project. Hugo follows no symbolic links, so it gets the registry as hard links."""
    for path, text in FILES.items():
        target = project / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    shutil.copytree(registry, project / "registry", copy_function=os.link)
