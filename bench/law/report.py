"""Prints the measurements of one run as tables, with the ratios that are claimed.  usage: report.py RESULTS.jsonl"""
import json
import sys

rows = [json.loads(line) for line in open(sys.argv[1]) if line.startswith("{")]
found = {(row["engine"], row.get("persons"), row.get("months")): row for row in rows}
show = lambda value: f"{value / 1e6:,.1f} M" if value >= 1e6 else f"{value:,.0f}"
print(f"{'engine':<20}{'persons':>12}{'months':>8}{'per second':>14}{'best':>12}{'peak MiB':>10}{'wrong':>10}")
for row in rows:
    if "per_s" in row:
        wrong = row.get("wrong_amounts")
        print(f"{row['engine']:<20}{row['persons']:>12,}{row['months']:>8}{show(row['per_s']):>14}{show(row['best_per_s']):>12}"
              f"{row['peak_mib']:>10}{'-' if wrong is None else f'{wrong:,}':>10}")
load = found.get(("shebao load", None, None))
if load:
    print(f"\nrule book loaded in {load['seconds'] * 1000:.1f} ms (aim: under 20)")
ours = found.get(("shebao one core", 1_000_000, 1))
if ours:
    print(f"\nshebao, one core, 1,000,000 persons, all regions and months mixed: {show(ours['per_s'])} persons/s (aim: 60 M)")
    aims = [("openfisca_core", 15.0), ("policyengine_core", 5.0), ("exact numpy", 1.4), ("memory pass", None)]
    for engine, aim in aims:
        peer = found.get((engine, 1_000_000, 1))
        if peer:
            wanted = f" (aim: {aim:g}x)" if aim else ""
            print(f"  {ours['per_s'] / peer['per_s']:8.2f}x {engine}{wanted}")
streamed = next((row for row in rows if row["engine"] == "shebao streamed"), None)
if streamed:
    print(f"twelve months of a million persons streamed: peak {streamed['peak_mib']} MiB (aim: under 64)")
lines = next((row for row in rows if row["engine"] == "shebao calc lines"), None)
if lines:
    print(f"calculation lines: {show(lines['per_s'])} a second (aim: 100,000)")
