import { Input } from "antd";
import { useEffect, useState } from "react";
import { useDebounced } from "./hooks";

/** A search box that tells its text shortly after the last key. */
export function FilterSearch({ value, onChange, label }: { value: string; onChange: (value: string) => void; label: string }) {
  const [text, setText] = useState(value);
  const settled = useDebounced(text, 300);
  useEffect(() => {
    if (settled !== value) onChange(settled.trim());
    // Only what was typed changes the filter.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [settled]);
  return (
    <Input.Search
      allowClear
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onSearch={(now) => onChange(now.trim())}
      style={{ width: 260, maxWidth: "100%" }}
    />
  );
}
