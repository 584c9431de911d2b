import createClient, { type Middleware } from "openapi-fetch";
import i18next from "i18next";
import { Problem } from "./problem";
import type { paths } from "./schema";

const WRITES = new Set(["POST", "PUT", "PATCH", "DELETE"]);

const headers: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", i18next.language || "zh-CN");
    if (WRITES.has(request.method)) {
      request.headers.set("X-Requested-With", "shebao");
      if (!request.headers.has("Idempotency-Key")) request.headers.set("Idempotency-Key", crypto.randomUUID());
    }
    return request;
  },
};

/** The typed client of the server's API. */
export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  // Looked up at each call, so that a test can stand in for the network.
  fetch: (request) => globalThis.fetch(request),
});
client.use(headers);

/** Called when the session has ended; a portal sends the person to the login page. */
let onSessionEnded: () => void = () => undefined;
export function setSessionEnded(handler: () => void): void {
  onSessionEnded = handler;
}

/** The answer's body, or a `Problem`. */
export async function unwrap<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let settled: { data?: T; error?: unknown; response: Response };
  try {
    settled = await answer;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem({ rule: "unreachable" }, 0);
  }
  const { data, error, response } = settled;
  if (response.ok) return data as T;
  if (response.status === 401) onSessionEnded();
  const body = typeof error === "object" && error !== null ? error : {};
  throw new Problem(body, response.status);
}

/** Sends one file as multipart form data. */
export function fileBody(field: string, file: File): FormData {
  const data = new FormData();
  data.append(field, file, file.name);
  return data;
}
