#!/usr/bin/env python3
"""The table of a run: medians over its rounds, and whether the aim is met."""
import collections, datetime, json, os, platform, statistics, subprocess, sys

file, home = sys.argv[1:]
runs = collections.defaultdict(list)
for line in open(file):
    run = json.loads(line)
    runs[run["route"], run["connections"]].append(run)
middle = lambda key, what: statistics.median(run[what] for run in runs[key])
cpu = next((line.split(": ")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
loads = [run["load"] for group in runs.values() for run in group]
print(f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} × {cpu}, commit {commit}, load average {min(loads):.1f}–{max(loads):.1f}\n")
print("| answer | connections | calculation, requests/s | p50 ms | p99 ms | bare route, requests/s | p50 ms | p99 ms | ratio |\n|---|---|---|---|---|---|---|---|---|")
missed = []
for how, name in (("plain", "amounts"), ("explained", "amounts and explanation")):
    size = os.path.getsize(f"{home}/{how}.json")
    for connections in (1, 16, 64):
        ours, bare = (how, connections), (f"bare_{how}", connections)
        # each of our runs beside the bare run that followed it: the machine's other work changes from minute to minute
        ratio = statistics.median(o["rps"] / b["rps"] for o, b in zip(runs[ours], runs[bare]))
        cells = [f"{middle(route, 'rps'):,.0f} | {middle(route, 'p50_ms'):.2f} | {middle(route, 'p99_ms'):.1f}" for route in (ours, bare)]
        print(f"| {name} ({size:,} bytes) | {connections} | {cells[0]} | {cells[1]} | {ratio:.2f} |")
        if connections == 16 and ratio < 0.4:
            missed.append(f"{name}, 16 connections: {ratio:.2f} of the bare route, aim 0.40")
wrong = sum(run["wrong"] for (route, _), group in runs.items() for run in group)
if wrong:
    missed.append(f"{wrong} requests were not answered with success")
print("\n" + ("Aim met." if not missed else "Missed:\n- " + "\n- ".join(missed)))
sys.exit(1 if missed else 0)
