import { Segmented } from "antd";
import { useEffect, useRef } from "react";

interface Props<T extends string> {
  label?: string;
  value: T;
  options: { value: T; label: string }[];
  onChange: (value: T) => void;
}

/** One of a few, side by side. What is wider than a phone is swept sideways, with the chosen one in sight. */
export function Choices<T extends string>({ label, value, options, onChange }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelector(".ant-segmented-item-selected")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [value]);
  return (
    <div ref={box} style={{ overflowX: "auto", minWidth: 0 }}>
      <Segmented<T> aria-label={label} value={value} options={options} onChange={onChange} />
    </div>
  );
}
