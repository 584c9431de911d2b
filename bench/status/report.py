#!/usr/bin/env python3
"""The table of a run: medians over its rounds, the ratio to the bare route, and whether the aims are met."""
import collections, datetime, json, os, platform, statistics, subprocess, sys

file, persons, profile = sys.argv[1:]
runs = collections.defaultdict(list)
for line in open(file):
    run = json.loads(line)
    runs[run["database"], run["connections"], run["route"]].append(run)
middle = lambda key, what: statistics.median(run[what] for run in runs[key])
cpu = next((line.split(": ")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
loads = [run["load"] for group in runs.values() for run in group]
print(f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} × {cpu}, {int(persons):,} persons, profile {profile}, commit {commit}, "
      f"load average {min(loads):.1f}–{max(loads):.1f}\n")
print("| database | connections | nationwide query, requests/s | p50 ms | p99 ms | bare route, requests/s | p50 ms | p99 ms | ratio |\n|---|---|---|---|---|---|---|---|---|")
missed = []
for (database, connections) in dict.fromkeys((d, c) for d, c, _ in runs):
    ours, bare = (database, connections, "ours"), (database, connections, "bare")
    # each of our runs beside the bare run that followed it: the machine's other work changes from minute to minute
    ratio = statistics.median(o["rps"] / b["rps"] for o, b in zip(runs[ours], runs[bare]))
    cells = [f"{middle(route, 'rps'):,.0f} | {middle(route, 'p50_ms'):.2f} | {middle(route, 'p99_ms'):.1f}" for route in (ours, bare)]
    print(f"| {database} | {connections} | {cells[0]} | {cells[1]} | {ratio:.2f} |")
    if ratio < 0.5:
        missed.append(f"{database}, {connections} connections: {ratio:.2f} of the bare route, aim 0.50")
    if connections == 16 and middle(ours, "p99_ms") >= 20:
        missed.append(f"{database}, 16 connections: p99 {middle(ours, 'p99_ms'):.1f} ms, aim under 20 ms")
wrong = sum(run["wrong"] for group in runs.values() for run in group)
if wrong:
    missed.append(f"{wrong} requests were not answered with success")
print("\n" + ("Aims met." if not missed else "Aims missed:\n- " + "\n- ".join(missed)))
sys.exit(1 if missed else 0)
