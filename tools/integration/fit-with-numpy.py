"""Fits the linear families with scikit-learn, numpy and scipy, and prints their coefficients as JSON.

usage: fit-with-numpy.py PROBLEMS
PROBLEMS is a JSON file: a list of {"family", "columns", "target", "fitted"}; "fitted" is our model, for its scale and degree.
"""

import json
import sys

import numpy
from scipy import stats
from sklearn.linear_model import LinearRegression


def fit(family, columns, target, fitted):
    if family == "linear":
        model = LinearRegression().fit(numpy.column_stack(columns), target)
        return [model.intercept_, *model.coef_]
    x = columns[0]
    if family == "polynomial":
        z = (x - fitted["centre"]) / fitted["spread"]
        return numpy.polyfit(z, target, len(fitted["coefficients"]) - 1)[::-1].tolist()
    if family == "theil-sen":
        slopes = stats.theilslopes(target, x, method="joint")
        return [slopes.slope, slopes.intercept]
    slope, intercept = numpy.polyfit(numpy.log(x) if family == "power" else x, numpy.log(target), 1)
    return [numpy.exp(intercept), slope]


with open(sys.argv[1], encoding="utf8") as file:
    problems = json.load(file)
for problem in problems:
    columns = [numpy.array(column) for column in problem["columns"]]
    print(json.dumps(fit(problem["family"], columns, numpy.array(problem["target"]), problem["fitted"])))
