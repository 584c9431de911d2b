/** Values that are shares, shown as per cent. */
const SHARES = new Set(
  "rate rate_min rate_max pooled_rate payout_rate reduction_per_year ceiling_ratio floor_ratio ratio extra_ratio share_max minimum_wage_ratio basic_rate_per_year spouse other orphan_extra full most part daily".split(
    " ",
  ),
);

/** "0.0016" → "0.16%", exactly: the point moves, nothing is computed in floats. */
export function percent(text: string): string {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return text;
  const decimals = (match[2] ?? "").padEnd(2, "0");
  const whole = `${match[1]}${decimals.slice(0, 2)}`.replace(/^0+(?=\d)/, "");
  const rest = decimals.slice(2).replace(/0+$/, "");
  return `${whole}${rest ? `.${rest}` : ""}%`;
}

/** A value of a parameter as people write it. */
export function shown(series: string, key: string, value: string): string {
  if (SHARES.has(key) || (series === "contribution.average_ratio" && /^\d/.test(value))) return percent(value);
  return /^\d{4,}(\.\d+)?$/.test(value) ? value.replace(/\B(?=(\d{3})+(?!\d))/, ",") : value;
}
