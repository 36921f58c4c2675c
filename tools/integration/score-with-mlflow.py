"""Scores model directories with MLflow and prints the predictions as JSON, one line a directory, NaN as null.

usage: score-with-mlflow.py DIRECTORY...
Beside DIRECTORY lies DIRECTORY.rows.json: a list of {"name", "type", "values"}, one per column; type is MLflow's, NULL is
null.
"""

import json
import math
import sys

import mlflow
import numpy
import onnx
import pandas

dtypes = {"double": numpy.float64, "long": numpy.int64, "boolean": numpy.bool_, "string": object}


def score(directory):
    with open(f"{directory}.rows.json", encoding="utf8") as file:
        columns = json.load(file)
    frame = pandas.DataFrame(
        {column["name"]: numpy.array(column["values"], dtype=dtypes[column["type"]]) for column in columns}
    )
    onnx.checker.check_model(mlflow.onnx.load_model(directory), full_check=True)
    model = mlflow.pyfunc.load_model(directory)
    predicted = model.predict(frame)
    example = model.predict(mlflow.models.Model.load(directory).load_input_example(directory))
    with open(f"{directory}/serving_input_example.json", encoding="utf8") as file:
        served = mlflow.models.validate_serving_input(directory, file.read())
    return {
        "columns": list(predicted.columns),
        "predictions": [None if math.isnan(value) else value for value in predicted.iloc[:, 0]],
        "example": example.iloc[:, 0].tolist(),
        "served": served.iloc[:, 0].tolist(),
        "metadata": model.metadata.metadata,
    }


for directory in sys.argv[1:]:
    print(json.dumps(score(directory)))
