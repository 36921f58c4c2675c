"""Loads a registered model and prints its predictions as JSON, NaN as null.

usage: score-registered-model.py TRACKING_URI MODEL_URI ROWS
ROWS is a JSON file: a list of {"name", "type", "values"}, one per column; type is MLflow's, NULL is null.
"""

import json
import math
import sys

import mlflow
import numpy
import pandas

tracking, model, rows = sys.argv[1:]
dtypes = {"double": numpy.float64, "long": numpy.int64, "boolean": numpy.bool_, "string": object}
with open(rows, encoding="utf8") as file:
    columns = json.load(file)
frame = pandas.DataFrame(
    {column["name"]: numpy.array(column["values"], dtype=dtypes[column["type"]]) for column in columns}
)

mlflow.set_tracking_uri(tracking)
predicted = mlflow.pyfunc.load_model(model).predict(frame)
json.dump([None if math.isnan(value) else value for value in predicted.iloc[:, 0]], sys.stdout)
