/** A rate as the server writes it, "0.08", as a percentage for the form, "8"; nothing for no rate. */
export function percent(rate: string | null | undefined): string | undefined {
  if (!rate) return undefined;
  const match = /^(\d+)(?:\.(\d+))?$/.exec(rate);
  if (!match) return undefined;
  const decimals = (match[2] ?? "").padEnd(6, "0");
  const whole = `${match[1]}${decimals.slice(0, 2)}`.replace(/^0+(?=\d)/, "");
  const rest = decimals.slice(2).replace(/0+$/, "");
  return rest ? `${whole}.${rest}` : whole;
}
