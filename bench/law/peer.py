"""Person-months per second of a rule engine in Python.  usage: ENGINE=openfisca_core|policyengine_core peer.py N MONTHS REPEATS"""
import json
import resource
import sys
import time

import numpy as np

import rules

n, months, repeats = (int(word) for word in sys.argv[1:4])
system = rules.System()
fen = np.random.default_rng(20240701).integers(200_000, 3_000_000, n)
wages = fen / 100
periods = [f"2024-{month:02d}" for month in range(1, months + 1)]
seconds = []
for _ in range(repeats + 1):
    start = time.perf_counter()
    simulation = rules.SimulationBuilder().build_default_simulation(system, count=n)
    for period in periods:
        simulation.set_input("wage", period, wages)
    for period in periods:
        for amount in rules.AMOUNTS:
            simulation.calculate(amount, period)
    seconds.append(time.perf_counter() - start)
seconds = sorted(seconds[1:])
base = np.clip(fen, 360_400, 1_802_100)
wrong = 0
for name, sides in rules.RATES.items():
    for side, mille in zip(("employer", "employee"), sides):
        got = np.rint(np.asarray(simulation.calculate(f"{name}_{side}", "2024-01"), dtype=np.float64) * 100).astype(np.int64)
        wrong += int((got != (base * mille * 2 + 1000) // 2000).sum())
median = seconds[len(seconds) // 2]
print(json.dumps(dict(
    engine=rules.ENGINE, persons=n, months=months, seconds=round(median, 6), per_s=round(n * months / median),
    best_per_s=round(n * months / seconds[0]), peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, wrong_amounts=wrong)))
