import { theme as antd, type ThemeConfig } from "antd";

/**
 * Ant Design's own palette misses WCAG AA in several places. Every text colour here reaches 4.5 : 1 on the background it is used on,
 * and the status backgrounds are pinned so that they do not drift when the text colours are darkened.
 */
const LIGHT: ThemeConfig["token"] = {
  colorPrimary: "#0958d9",
  colorPrimaryHover: "#1a68e8",
  colorLink: "#0958d9",
  colorLinkHover: "#003eb3",
  colorText: "#1b2330",
  colorTextSecondary: "#4b5563",
  colorTextTertiary: "#595f69",
  colorTextDescription: "#595f69",
  colorTextPlaceholder: "#6b7280",
  colorTextDisabled: "#6b7280",
  colorSuccess: "#1f7a1f",
  colorSuccessText: "#1f6f1f",
  colorSuccessBg: "#f0f9ee",
  colorSuccessBorder: "#b7ddb0",
  colorWarning: "#a35200",
  colorWarningText: "#8f4800",
  colorWarningBg: "#fff8e8",
  colorWarningBorder: "#f2d49b",
  colorError: "#c41d28",
  colorErrorText: "#b3141f",
  colorErrorBg: "#fff1f0",
  colorErrorBorder: "#f5b8b3",
  colorInfo: "#0958d9",
  colorInfoBg: "#eef4ff",
  colorInfoBorder: "#bcd3fb",
  colorBgLayout: "#f3f5f8",
  colorBorder: "#c9d0da",
  colorBorderSecondary: "#e6e9ef",
};

const DARK: ThemeConfig["token"] = {
  colorPrimary: "#8ab6ff",
  colorLink: "#7fb0ff",
  colorLinkHover: "#a8caff",
  colorTextSecondary: "#b6bdc9",
  colorTextTertiary: "#a3abb8",
  colorTextDescription: "#a3abb8",
  colorTextPlaceholder: "#8f98a6",
  colorTextDisabled: "#8f98a6",
  colorSuccess: "#6fcf6f",
  colorWarning: "#f0b35a",
  colorError: "#ff8a84",
  colorInfo: "#7fb0ff",
  colorBgLayout: "#0d1117",
  colorBgContainer: "#161b22",
  colorBgElevated: "#1d242d",
};

export function themeOf(dark: boolean): ThemeConfig {
  return {
    algorithm: dark ? antd.darkAlgorithm : antd.defaultAlgorithm,
    cssVar: { key: "shebao" },
    token: {
      ...(dark ? DARK : LIGHT),
      borderRadius: 6,
      fontSize: 14,
      controlHeight: 34,
      wireframe: false,
      fontFamily:
        '"PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, -apple-system, "Segoe UI", sans-serif',
    },
    components: {
      Table: { cellPaddingBlockSM: 9, cellPaddingInlineSM: 12, headerBg: dark ? "#1d242d" : "#f6f8fb", headerSplitColor: "transparent" },
      Card: { headerHeight: 46, bodyPadding: 20, bodyPaddingSM: 14 },
      Menu: { itemHeight: 38, itemBorderRadius: 6, ...(dark ? { itemSelectedColor: "#a8caff" } : {}) },
      Layout: { headerHeight: 52, headerPadding: "0 16px" },
      Segmented: { trackBg: dark ? "#262d37" : "#e4e8ef" },
      Form: { itemMarginBottom: 18, verticalLabelPadding: "0 0 4px" },
      Button: dark ? { primaryColor: "#06101f" } : {},
    },
  };
}
