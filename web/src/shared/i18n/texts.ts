export type Keys = Record<string, string>;

/** Files of one language by namespace: the feature's folder, or `common`. */
export function byNamespace(files: Record<string, Keys>): Record<string, Keys> {
  return Object.fromEntries(Object.entries(files).map(([path, keys]) => [path.startsWith("./") ? "common" : (path.split("/").at(-2) ?? ""), keys]));
}
