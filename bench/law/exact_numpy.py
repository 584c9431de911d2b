"""Exact integers in numpy tuned by hand: cache-sized blocks, preallocated 32-bit output.  usage: exact_numpy.py N REPEATS"""
import json
import resource
import sys
import time

import numpy as np

n, repeats = (int(word) for word in sys.argv[1:3])
fen = np.random.default_rng(20240701).integers(200_000, 3_000_000, n)
MILLE = [160, 80, 80, 20, 7, 3, 5, 0, 7, 0]
out, clipped, product = np.empty((10, n), np.int32), np.empty(n, np.int64), np.empty(n, np.int64)


def run():
    for start in range(0, n, 16384):
        end = min(start + 16384, n)
        base, x = np.clip(fen[start:end], 360_400, 1_802_100, out=clipped[start:end]), product[start:end]
        for k, mille in enumerate(MILLE):
            np.multiply(base, mille, out=x)
            np.add(x, 500, out=x)
            np.floor_divide(x, 1000, out=x)
            out[k, start:end] = x


seconds = []
for _ in range(repeats + 1):
    begin = time.perf_counter()
    run()
    seconds.append(time.perf_counter() - begin)
seconds = sorted(seconds[1:])
median = seconds[len(seconds) // 2]
base = np.clip(fen, 360_400, 1_802_100)
wrong = sum(int((out[k] != (base * mille + 500) // 1000).sum()) for k, mille in enumerate(MILLE))
print(json.dumps(dict(
    engine="exact numpy", persons=n, months=1, seconds=round(median, 6), per_s=round(n / median), best_per_s=round(n / seconds[0]),
    peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, wrong_amounts=wrong)))
