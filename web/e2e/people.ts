/** Made-up people. Area code 430102 with birth dates and serials of our own; nobody real is meant. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

export function idNumber(birth: string, serial: number, area = "430102"): string {
  const body = `${area}${birth.replaceAll("-", "")}${String(serial).padStart(3, "0")}`;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(body[i]), 0);
  return body + "10X98765432"[sum % 11];
}

export interface Stretch {
  id: string;
  name: string;
  insurance: string;
  status: string;
  from: string;
  to: string;
  base: string;
  employer: string;
}

/** The agencies' own file of existing relations, one row a stretch of months. */
export function relationsCsv(rows: Stretch[]): string {
  const head = "证件号码,姓名,险种,参保状态,起始年月,终止年月,月缴费基数,单位名称";
  const lines = rows.map((one) => [one.id, one.name, one.insurance, one.status, one.from, one.to, one.base, one.employer].join(","));
  return `${[head, ...lines].join("\n")}\n`;
}
