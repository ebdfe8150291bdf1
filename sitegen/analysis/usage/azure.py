"""Commands and files that deploy a version to an online endpoint of Azure ML, without a scoring script.

Commands, fields and the envelope of a request are those of Microsoft's documentation of MLflow models in Azure ML.
"""

import json
from collections.abc import Iterable

from sitegen.analysis.usage.cloud_names import place
from sitegen.analysis.usage.environment import files_from
from sitegen.analysis.usage.payload import Payload
from sitegen.analysis.usage.snippet import Snippet
from sitegen.domain.signature import Column, Signature

_SCHEMA = "https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json"
_DEPLOYMENT, _REQUEST = "deployment.yml", "request.json"


def azure_commands(source: str, has_request: bool) -> Snippet:
    """Register, deploy and call the version, whose files come from a source of `files_from`."""
    folder, fetch = files_from(source)
    endpoint = place("azure_endpoint")
    lines = [
        "# needs the files below, and az with the extension ml and a default workspace",
        *fetch,
        f"az ml model create --name {place('azure_model')} --version {place('azure_version')} \\",
        f"  --type mlflow_model --path {folder}",
        f"az ml online-endpoint create --name {endpoint}",
        f"az ml online-deployment create --file {_DEPLOYMENT} --all-traffic",
    ]
    if has_request:
        lines.append(f"az ml online-endpoint invoke --name {endpoint} --request-file {_REQUEST}")
    return Snippet("Register and deploy", "shell", "\n".join(lines))


def azure_files(payload: Payload) -> tuple[Snippet, ...]:
    """The deployment's file, and that of a request where one can be written."""
    lines = [
        f"$schema: {_SCHEMA}",
        f"name: {place('azure_deployment')}",
        f'endpoint_name: "{place("azure_endpoint")}"',
        f"model: azureml:{place('azure_model')}:{place('azure_version')}",
        "instance_type: Standard_DS3_v2",
        "instance_count: 1",
    ]
    deployment = Snippet(_DEPLOYMENT, "yaml", "\n".join(lines))
    request = azure_request(payload.text)
    return (deployment, Snippet(_REQUEST, "json", request)) if request else (deployment,)


def azure_request(payload: str) -> str:
    """A payload of MLflow's scoring server in Azure's envelope: one of a table, or of arrays; params are left out."""
    data = json.loads(payload) if payload else {}
    if "inputs" in data:
        return json.dumps({"input_data": data["inputs"]}, ensure_ascii=False)
    split = data.get("dataframe_split")
    if split is None:
        return ""
    columns = split.get("columns", list(range(len(split["data"][0]))))
    rows = list(range(len(split["data"])))
    return json.dumps({"input_data": {"columns": columns, "index": rows, "data": split["data"]}}, ensure_ascii=False)


def azure_note(signature: Signature | None, payload: Payload) -> str:
    """What Azure checks when a version is called, and which values of the request are made up."""
    values = f" {_REQUEST} has {payload.made_up}: replace them." if payload.made_up else ""
    return _check_note(signature) + values


def _check_note(signature: Signature | None) -> str:
    if signature is None or not signature.inputs:
        return "The version has no signature with inputs: Azure checks no request."
    inputs = signature.inputs
    noun = "input" if len(inputs) == 1 else "inputs"
    if signature.kind == "tensors":
        return f"Azure checks each request by the signature: {len(inputs)} {noun} of these dtypes and shapes."
    required, optional = [one for one in inputs if one.required], [one for one in inputs if not one.required]
    noun = "input" if len(required) == 1 else "inputs"
    parts = [f"{len(required)} required {noun} with these names and types"] if required else []
    if optional:
        parts.append(f"{_names(optional)} may be left out")
    return f"Azure checks each request by the signature: {'; '.join(parts)}; other columns are ignored."


def _names(columns: Iterable[Column]) -> str:
    names = [column.name or "the unnamed input" for column in columns]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
