"""Logs a model as Python's MLflow does it, and prints the id of its run. Arguments: tracking URI, experiment id."""

import sys

import mlflow
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema


class Double(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input * 2


mlflow.set_tracking_uri(sys.argv[1])
with mlflow.start_run(experiment_id=sys.argv[2]) as run:
    columns = Schema([ColSpec("double", "temperature")])
    mlflow.pyfunc.log_model(
        "model",
        python_model=Double(),
        signature=ModelSignature(columns, columns),
        pip_requirements=["mlflow"],
        # Kept under "config", which is not announced.
        model_config={"depth": 7},
    )
print(run.info.run_id)
