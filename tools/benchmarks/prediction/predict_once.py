"""Times predictions of the peers, and prints a sample as run-alone.ts reads it."""

import json
import resource
import sys
import time

import numpy

task, model, rows, depth = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])


def read(path):
    values = numpy.fromfile(path, dtype="<f8").reshape(11, -1)
    return numpy.ascontiguousarray(values[:10].T), values[10].copy()


def time_of(work):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def batch_of_scikit_learn():
    from sklearn.ensemble import RandomForestRegressor

    features, target = read(model)
    forest = RandomForestRegressor(
        n_estimators=100, max_depth=depth or None, min_samples_split=4, n_jobs=2, random_state=1
    ).fit(features, target)
    unseen, _ = read(rows)
    return min(time_of(lambda: forest.predict(unseen)) for _ in range(3))


def row_of_onnxruntime():
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    unseen, _ = read(rows)
    times = []
    for row in unseen[:6000]:
        feed = {f"x{place}": row[place : place + 1] for place in range(10)}
        feed["weather"] = numpy.array(["rain"], dtype=object)
        times.append(time_of(lambda: session.run(None, feed)))
    return sorted(times[4000:])[1000]


ms = batch_of_scikit_learn() if task == "batch" else row_of_onnxruntime()
print(json.dumps({"ms": ms, "peakMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
