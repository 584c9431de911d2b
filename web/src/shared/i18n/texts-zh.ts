import { byNamespace, type Keys } from "./texts";

/** Chinese, without the pages that load their own texts. */
export default byNamespace(
  import.meta.glob<Keys>(["./zh-CN.json", "../../features/*/zh-CN.json", "!../../features/{law,calculations}/*.json"], {
    eager: true,
    import: "default",
  }),
);
