#!/usr/bin/env python3
"""The table of a run: medians over its rounds, the ratio to the bare load, memory, and whether the aims are met."""
import collections, datetime, json, os, platform, statistics, subprocess, sys

runs = collections.defaultdict(list)
for line in open(sys.argv[1]):
    run = json.loads(line)
    runs[run["database"], run["people"], run["what"]].append(run)
middle = lambda key, what: statistics.median(run[what] for run in runs[key])
cpu = next((line.split(": ")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
loads = [run["load"] for group in runs.values() for run in group]
print(f"\n{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} × {cpu}, commit {commit}, load average {min(loads):.1f}–{max(loads):.1f}\n")
print("| database | people | orders | assessed s | people/s | bare load s | ratio | peak memory MB |\n|---|---|---|---|---|---|---|---|")
missed, peaks = [], collections.defaultdict(list)
for database, people in dict.fromkeys((d, p) for d, p, _ in runs):
    ours, bare = (database, people, "assess"), (database, people, "bare")
    # each of our runs beside the bare load that followed it: the machine's other work changes from minute to minute
    ratio = statistics.median(o["seconds"] / b["seconds"] for o, b in zip(runs[ours], runs[bare]))
    peak = middle(ours, "peak_kb") / 1024
    peaks[database].append((people, peak))
    seconds = middle(ours, "seconds")
    print(f"| {database} | {people:,} | {middle(ours, 'orders'):,.0f} | {seconds:.2f} | {people / seconds:,.0f} | {middle(bare, 'seconds'):.2f} | {ratio:.2f} | {peak:.0f} |")
    if people >= 1_000_000 and ratio > 2:
        missed.append(f"{database}, {people:,} people: {ratio:.2f} times the bare load, aim 2")
for database, sizes in peaks.items():
    (small, least), (large, most) = min(sizes), max(sizes)
    # a small region does not fill the page cache of the embedded database (cache_size in store's lite.rs)
    if large > small and most > 1.5 * least + (64 if database == "sqlite" else 0):
        missed.append(f"{database}: memory grows from {least:.0f} MB at {small:,} people to {most:.0f} MB at {large:,}")
print("\n" + ("Aims met." if not missed else "Aims missed:\n- " + "\n- ".join(missed)))
sys.exit(1 if missed else 0)
