#!/usr/bin/env python3
"""Both routes must tell the same of the same persons, or their speed means nothing. Part of run.sh."""
import itertools, json, os, sys, urllib.request


def ask(url, body, **headers):
    request = urllib.request.Request(url, body.encode(), {"Content-Type": "application/json", **headers})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


ours, bare, home = sys.argv[1:]
signed_in = {"Cookie": "shebao_session=" + os.environ["SESSION"], "X-Requested-With": "shebao"}
several = 0
with open(home + "/asked.jsonl") as asked, open(home + "/keys.jsonl") as keys:
    for body, key in itertools.islice(zip(asked, keys), 0, 100_000, 997):
        said = ask(ours + "/api/v1/status-queries", body.strip(), **signed_in)["answer"]
        rows = ask(bare + "/", key.strip())
        of = lambda relation: (int(relation["region"]), relation["insurance"], relation["status"], relation["months"])
        if not said["person_found"] or not said["name_matches"] or sorted(map(of, said["relations"])) != sorted(map(of, rows)):
            sys.exit(f"not the same: {said} and {rows}")
        several += len({relation["region"] for relation in said["relations"]}) > 1
if not several:
    sys.exit("no person asked about is known in two regions")
