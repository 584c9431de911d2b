import type { Transfer } from "../../api/types";
import { words } from "../../shared/words";

export interface Changes {
  /** The state it is in now, if that is another one. */
  state: Transfer["state"] | null;
  /** Labels of the fields whose values are others. */
  fields: string[];
}

/** What became of a transfer since it was shown, so that a page that was behind can say why its act was refused. */
export function changesOf(seen: Transfer, now: Transfer): Changes {
  const before = new Map(seen.form.fields.map((field) => [field.key, field.value]));
  return {
    state: seen.state === now.state ? null : now.state,
    fields: now.form.fields.filter((field) => before.get(field.key) !== field.value).map((field) => words(field.label)),
  };
}
