/**
 * A stand-in for the server in unit tests: answers by method and path, and keeps what was asked. It is never part of the build.
 */
export interface Asked {
  method: string;
  path: string;
  body: unknown;
  headers: Headers;
  aborted: () => boolean;
}
type Answer = unknown | ((asked: Asked) => unknown);

export class Refused {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {}
}

/** Replaces fetch; "POST /api/v1/status-queries" → body, or a function of what was asked. Anything else is refused loudly. */
export function fakeApi(answers: Record<string, Answer>): { asked: Asked[]; restore: () => void } {
  const real = globalThis.fetch;
  const asked: Asked[] = [];
  globalThis.fetch = (async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(input, init);
    const path = new URL(request.url).pathname;
    const text = await request.clone().text();
    const one: Asked = {
      method: request.method,
      path,
      body: text.startsWith("{") ? JSON.parse(text) : text,
      headers: request.headers,
      aborted: () => request.signal.aborted,
    };
    asked.push(one);
    const found = answers[`${request.method} ${path}`];
    if (found === undefined) throw new Error(`the test has no answer for ${request.method} ${path}`);
    const answer = await (typeof found === "function" ? (found as (asked: Asked) => unknown)(one) : found);
    const refused = answer instanceof Refused;
    return new Response(JSON.stringify(refused ? answer.body : answer), {
      status: refused ? answer.status : 200,
      headers: { "Content-Type": refused ? "application/problem+json" : "application/json" },
    });
  }) as typeof fetch;
  return { asked, restore: () => void (globalThis.fetch = real) };
}
