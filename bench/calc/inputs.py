#!/usr/bin/env python3
"""Bodies for the calculation: regions, months and wages mixed, always the same ones."""
import json, random

dice = random.Random(12)
regions = ["110000", "310000", "430100", "420100", "440100", "440300", "500000", "510100", "320100", "330100", "610100", "120000"]
for n in range(20_000):
    wage = "10000.00" if n == 0 else f"{dice.randrange(2_000_00, 60_000_00) / 100:.2f}"
    region = "430100" if n == 0 else dice.choice(regions)
    print(json.dumps({"region": region, "month": f"2025-{1 if n == 0 else dice.randrange(1, 13):02}", "wage": wage}))
