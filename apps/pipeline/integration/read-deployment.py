"""Prints, as JSON, what MlflowClient reads of experiments and registered models whose names a pattern matches.

usage: read-deployment.py TRACKING_URI PATTERN
"""

import json
import re
import sys

import mlflow
from mlflow import MlflowClient

uri, pattern = sys.argv[1:]
mlflow.set_tracking_uri(uri)
client = MlflowClient()


def matches(named):
    return re.search(pattern, named.name) is not None


def read_run(run):
    return {
        "id": run.info.run_id,
        "status": run.info.status,
        "startTime": run.info.start_time,
        "metrics": run.data.metrics,
        "params": run.data.params,
        "tags": run.data.tags,
        "datasets": [
            {**dict(item.dataset), "tags": {tag.key: tag.value for tag in item.tags}}
            for item in run.inputs.dataset_inputs
        ],
        "inputs": read_inputs(run),
        "artifacts": sorted(entry.path for entry in client.list_artifacts(run.info.run_id)),
    }


def read_inputs(run):
    if "slipway.kind" not in run.data.tags:
        return None
    return mlflow.artifacts.load_dict(f"{run.info.artifact_uri}/inputs.json")


def read_version(name, version):
    # Only versions that are asked for one by one name their aliases.
    found = client.get_model_version(name, version)
    fields = ["version", "description", "run_id", "source", "status", "tags"]
    return {"aliases": list(found.aliases), **{field: getattr(found, field) for field in fields}}


def read_logged_models(experiment):
    if not hasattr(client, "search_logged_models"):
        return []
    return [
        {
            "id": model.model_id,
            "runId": model.source_run_id,
            "status": str(model.status),
            "metrics": {metric.key: metric.value for metric in model.metrics or []},
            "datasets": sorted({metric.dataset_name for metric in model.metrics or []}),
        }
        for model in client.search_logged_models([experiment.experiment_id])
    ]


experiments = [experiment for experiment in client.search_experiments() if matches(experiment)]
models = [model for model in client.search_registered_models() if matches(model)]
json.dump(
    {
        "experiments": [
            {
                "name": experiment.name,
                "tags": experiment.tags,
                "runs": [read_run(run) for run in client.search_runs([experiment.experiment_id])],
                "loggedModels": read_logged_models(experiment),
            }
            for experiment in experiments
        ],
        "models": [
            {
                "name": model.name,
                "description": model.description,
                "aliases": model.aliases,
                "versions": [
                    read_version(model.name, found.version)
                    for found in client.search_model_versions(f"name = '{model.name}'")
                ],
            }
            for model in models
        ],
    },
    sys.stdout,
)
