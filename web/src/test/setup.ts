import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import { startI18n } from "../shared/i18n";

// A shared machine may be slow; a test that would fail still fails, only later.
configure({ asyncUtilTimeout: 10_000 });
await startI18n();
afterEach(cleanup);
