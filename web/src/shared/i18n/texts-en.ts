import { byNamespace, type Keys } from "./texts";

/** English, without the pages that load their own texts. */
export default byNamespace(
  import.meta.glob<Keys>(["./en.json", "../../features/*/en.json", "!../../features/{law,calculations}/*.json"], { eager: true, import: "default" }),
);
