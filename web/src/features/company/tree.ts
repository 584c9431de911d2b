export interface Branch {
  key: string;
  title: string;
  children: Branch[];
}

/** Departments named by paths, as branches. */
export function tree(departments: readonly { path: string }[]): Branch[] {
  const roots: Branch[] = [];
  const known = new Map<string, Branch>();
  const branch = (path: string): Branch => {
    const found = known.get(path);
    if (found) return found;
    const cut = path.lastIndexOf("/");
    const made: Branch = { key: path, title: path.slice(cut + 1), children: [] };
    known.set(path, made);
    (cut < 0 ? roots : branch(path.slice(0, cut)).children).push(made);
    return made;
  };
  for (const one of departments) branch(one.path);
  return roots;
}
