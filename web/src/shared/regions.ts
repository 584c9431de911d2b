import i18next from "i18next";

/** The pilot's regions of GB/T 2260, as shown on screen. */
const NAMES: Record<string, [string, string]> = {
  "430100": ["长沙", "Changsha"],
  "420100": ["武汉", "Wuhan"],
  "440100": ["广州", "Guangzhou"],
  "440300": ["深圳", "Shenzhen"],
  "330100": ["杭州", "Hangzhou"],
  "110000": ["北京", "Beijing"],
  "310000": ["上海", "Shanghai"],
  "510100": ["成都", "Chengdu"],
  "320100": ["南京", "Nanjing"],
  "610100": ["西安", "Xi'an"],
  "500000": ["重庆", "Chongqing"],
  "120000": ["天津", "Tianjin"],
};
export const PILOT = Object.keys(NAMES);

export function regionName(code: string | null | undefined): string {
  if (!code) return "—";
  const name = NAMES[code];
  if (!name) return code;
  return i18next.language === "en" ? name[1] : name[0];
}
export function regionOptions(): { value: string; label: string }[] {
  return PILOT.map((value) => ({ value, label: regionName(value) }));
}
