"""Grows scikit-learn's forest on the rows of training-data.ts, and prints a sample as run-alone.ts reads it."""

import json
import resource
import sys
import time

import numpy
from sklearn.ensemble import RandomForestRegressor


def read(path, columns):
    values = numpy.fromfile(path, dtype="<f8").reshape(columns + 1, -1)
    return numpy.ascontiguousarray(values[:columns].T), values[columns].copy()


path, columns, trees, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
features, target = read(f"{path}-train.bin", columns)
forest = RandomForestRegressor(
    n_estimators=trees, max_features=1.0, min_samples_split=4, bootstrap=True, n_jobs=threads, random_state=1
)
start = time.perf_counter()
forest.fit(features, target)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
unseen, observed = read(f"{path}-test.bin", columns)
rmse = float(numpy.sqrt(numpy.mean((forest.predict(unseen) - observed) ** 2)))
print(json.dumps({"ms": seconds * 1000, "peakMb": peak, "rmse": rmse}))
