/** A row's key in the table: the person's key and the insurance. Person keys may hold colons themselves. */
export function keyOf(row: { key: string; insurance: string }): string {
  return `${row.insurance}|${row.key}`;
}

/** The differences behind chosen keys. */
export function keysOf(keys: string[]): { key: string; insurance: string }[] {
  return keys.map((one) => {
    const at = one.indexOf("|");
    return { insurance: one.slice(0, at), key: one.slice(at + 1) };
  });
}
