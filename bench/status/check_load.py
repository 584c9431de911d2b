#!/usr/bin/env python3
"""Loads a million rows and compares `shebao status` with what this file computes by itself.

It shares no code with the program: ID numbers, months, unions of months and statuses are worked out here from the rows as
written. Three regions: Wuhan as CSV in UTF-8 (the million rows), Guangzhou as CSV in GBK, Nanjing as a workbook; 20,000
persons are awkward on purpose (several insurances, stretches that overlap, touch or lie apart, within and across regions,
another status in each row, rows in any order).

usage: check_load.py SHEBAO FOLDER [--rows 1000000] [--asked 200] [--url postgres://…] [--seed 1]
"""
import argparse, collections, csv, json, os, random, subprocess, sys, threading, time, zipfile
from xml.sax.saxutils import escape

HEAD = ["证件号码", "姓名", "险种", "参保状态", "起始年月", "终止年月", "月缴费基数", "单位名称"]
INSURANCE = {"养老": "pension", "医疗": "medical", "失业": "unemployment", "工伤": "injury", "生育": "maternity"}
STATUS = {"正常参保": "active", "暂停参保": "suspended", "终止参保": "terminated"}
REGIONS = ["420100", "440100", "320100"]
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"


def id_number(index):
    """A made-up number with a right check digit (GB 11643-1999)."""
    day = index // 400
    year, month, date = 1970 + day // 336, day // 28 % 12 + 1, day % 28 + 1
    body = f"420106{year}{month:02}{date:02}{index % 400 + 1:03}"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights)) % 11]


def name_of(index):
    return SURNAMES[index % 16] + GIVEN[index // 16 % 23] + GIVEN[index // 368 % 23]


def text(month):
    return f"{month // 12}-{month % 12 + 1:02}"


def awkward(rng, index):
    """Rows by region of one awkward person."""
    rows = collections.defaultdict(list)
    for region in rng.sample(REGIONS, rng.choice([1, 1, 2, 2, 3])):
        for insurance in rng.sample(list(INSURANCE), rng.randint(1, 4)):
            at, seen = 2006 * 12 + rng.randint(0, 150), set()
            for _ in range(rng.randint(1, 4)):
                length = rng.choice([1, 1, 2, 6, 12, 30])
                if (at, length) not in seen:
                    seen.add((at, length))
                    base = f"{rng.randint(3000, 30000)}" + rng.choice(["", ".5", ".00"])
                    employer = f"样例{rng.randint(1, 3000)}公司" + rng.choice(["", "（武汉）", "，分部", '"甲"'])
                    rows[region].append([id_number(index), name_of(index), insurance, rng.choice(list(STATUS)),
                                         text(at), text(at + length - 1), base, employer])
                # backwards, inside, touching, or after a gap
                at = max(2006 * 12, at + rng.choice([-7, 0, 1, length - 1, length, length, length + 1, length + 9]))
                at = min(at, 2023 * 12)
    return rows


def plain(rng, index):
    at = 2015 * 12 + rng.randint(0, 90)
    row = lambda insurance: [id_number(index), name_of(index), insurance, rng.choice(list(STATUS)), text(at), text(at + 29),
                             f"{rng.randint(4000, 20000)}", f"样例{index % 3000}公司"]
    return [row(insurance) for insurance in (["养老", "医疗"] if index % 2 else ["养老"])]


def make(rows, seed):
    rng = random.Random(seed)
    files = collections.defaultdict(list)
    awkward_persons = min(20_000, rows // 50)
    for index in range(awkward_persons):
        for region, lines in awkward(rng, index).items():
            files[region] += lines
    index = awkward_persons
    main = files[REGIONS[0]]
    while len(main) < rows:
        main += plain(rng, index)[: rows - len(main)]
        index += 1
    for region, lines in files.items():
        rng.shuffle(lines)
        # the date does not matter to the answer; a row said twice with another status does: the later one counts
        again = list(lines[len(lines) // 2])
        again[3] = next(s for s in STATUS if s != again[3])
        lines[-1] = again
    return files, index


def write_csv(path, lines, encoding):
    with open(path, "w", encoding=encoding, newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEAD)
        writer.writerows(lines)


def write_xlsx(path, lines):
    """The least a workbook is: text cells in place, no shared strings, no styles."""
    def sheet():
        yield '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        for number, line in enumerate([HEAD] + lines, 1):
            cells = "".join(f'<c r="{"ABCDEFGH"[i]}{number}" t="inlineStr"><is><t>{escape(c)}</t></is></c>' for i, c in enumerate(line))
            yield f'<row r="{number}">{cells}</row>'
        yield "</sheetData></worksheet>"
    ns = "http://schemas.openxmlformats.org"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", f'<Types xmlns="{ns}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>')
        z.writestr("_rels/.rels", f'<Relationships xmlns="{ns}/package/2006/relationships"><Relationship Id="rId1" Type="{ns}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        z.writestr("xl/workbook.xml", f'<workbook xmlns="{ns}/spreadsheetml/2006/main" xmlns:r="{ns}/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{ns}/package/2006/relationships"><Relationship Id="rId1" Type="{ns}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        z.writestr("xl/worksheets/sheet1.xml", "".join(sheet()))


def expected(files, number, name):
    months, status, paid = collections.defaultdict(set), {}, collections.defaultdict(set)
    for region in sorted(files):
        for place, line in enumerate(files[region]):
            if line[0] != number:
                continue
            first, last = (int(t[:4]) * 12 + int(t[5:]) - 1 for t in (line[4], line[5]))
            key = region, INSURANCE[line[2]]
            months[key] |= set(range(first, last + 1))
            if key not in status or (last, place) >= status[key][0]:
                status[key] = (last, place), STATUS[line[3]]
            paid[key[1]] |= set(range(first, last + 1))
    order = list(INSURANCE.values())
    relations = [{"region": r, "insurance": i, "status": status[r, i][1], "months": len(m), "first_month": text(min(m)),
                  "last_month": text(max(m))} for (r, i), m in sorted(months.items(), key=lambda e: (e[0][0], order.index(e[0][1])))]
    return {"person_found": bool(relations), "name_matches": not relations or name == real_name(files, number), "relations": relations,
            "months_total": {i: len(paid[i]) for i in order if paid[i]}, "unanswered": []}


def real_name(files, number):
    return next(line[1] for lines in files.values() for line in lines if line[0] == number)


def run(shebao, args, where, expect=0):
    """Runs the program; gives its output, seconds and peak memory in MiB (as last seen while it ran)."""
    started = time.monotonic()
    process = subprocess.Popen([shebao, *args, *where], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    peak = 0

    def watch():
        nonlocal peak
        while process.poll() is None:
            try:
                with open(f"/proc/{process.pid}/status") as status:
                    peak = max([peak] + [int(line.split()[1]) for line in status if line.startswith("VmHWM")])
            except OSError:
                pass
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    out, err = process.communicate()
    watcher.join()
    seconds = time.monotonic() - started
    if process.returncode != expect:
        sys.exit(f"{args[0]} ended with {process.returncode}, expected {expect}\n{out}{err}")
    return out, err, seconds, peak / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shebao")
    parser.add_argument("folder")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--asked", type=int, default=200)
    parser.add_argument("--url")
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    os.makedirs(o.folder, exist_ok=True)
    config = os.path.join(o.folder, "shebao.toml")
    with open(config, "w") as out:
        out.write('data_dir = "data"\n' + (f'[database]\nurl = "{o.url}"\n' if o.url else ""))
    where = ["--config", config]
    files, persons = make(o.rows, o.seed)
    path = lambda name: os.path.join(o.folder, name)
    writers = [("420100", "a.csv", lambda p, l: write_csv(p, l, "utf-8")), ("440100", "b.csv", lambda p, l: write_csv(p, l, "gb18030")), ("320100", "c.xlsx", write_xlsx)]
    for region, name, write in writers:
        write(path(name), files[region])

    bad = [list(line) for line in files["420100"][:1000]]
    bad[500][0] = bad[500][0][:17] + ("1" if bad[500][0][17] == "0" else "0")
    write_csv(path("bad.csv"), bad, "utf-8")
    run(o.shebao, ["load-relations", "--region", "420100", path("bad.csv")], where, expect=1)
    out, *_ = run(o.shebao, ["status", "--json", "--name", bad[0][1], "--id", bad[0][0]], where)
    assert json.loads(out)["person_found"] is False, "a refused file left something behind"
    print("a file with one wrong check digit stores nothing: right")

    for region, name, _ in writers:
        out, err, seconds, memory = run(o.shebao, ["load-relations", "--region", region, path(name)], where)
        count = len(files[region])
        print(f"load {count:>9,} rows {name:6} {os.path.getsize(path(name)) >> 20:>4} MiB: {seconds:6.1f} s, {count / seconds:>9,.0f} rows/s, peak {memory:5.0f} MiB")

    # every line of a person in one pass, so that the comparison stays quick
    rng = random.Random(o.seed + 1)
    tricky = min(20_000, o.rows // 50)
    asked = {id_number(rng.randrange(tricky)): True for _ in range(o.asked * 3 // 4)}
    asked |= {id_number(rng.randrange(tricky, persons)): True for _ in range(o.asked - len(asked) - 2)}
    asked[files["420100"][-1][0]] = True
    few = collections.defaultdict(list)
    for region, lines in files.items():
        few[region] = [line for line in lines if line[0] in asked]
    wrong, took = 0, []
    questions = [(number, real_name(few, number)) for number in asked]
    questions.append((questions[0][0], "另一人"))
    questions.append((id_number(persons + 5), "无此人"))
    for number, name in questions:
        out, _, seconds, memory = run(o.shebao, ["status", "--json", "--name", name, "--id", number], where)
        took.append(seconds)
        want, got = expected(few, number, name), json.loads(out)
        if want != got:
            wrong += 1
            if wrong < 4:
                print("WRONG", name, "\n want", json.dumps(want, ensure_ascii=False), "\n got ", json.dumps(got, ensure_ascii=False))
                print("\n".join(f"   {r} {l[2:6]}" for r, ls in few.items() for l in ls if l[0] == number))
    took.sort()
    print(f"shebao status for {len(questions)} persons: {wrong} wrong; start to end median {took[len(took) // 2] * 1000:.0f} ms, slowest {took[-1] * 1000:.0f} ms")

    for region, name, _ in writers:
        out, err, seconds, memory = run(o.shebao, ["load-relations", "--region", region, path(name)], where)
        assert "新增 0 行" in out and "新增人员 0；新建关系 0，更新关系 0" in out, out
        print(f"load {name:6} again: nothing changed, {seconds:6.1f} s, peak {memory:5.0f} MiB")
    number, name = questions[0]
    out, *_ = run(o.shebao, ["status", "--json", "--name", name, "--id", number], where)
    assert json.loads(out) == expected(few, number, name)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
