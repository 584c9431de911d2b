import { useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { client, unwrap } from "../api/client";
import type { Me } from "../api/types";

export const MeContext = createContext<Me | null>(null);

/** The signed-in person; only below a shell, which shows nothing until it is known. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error("useMe outside a shell");
  return me;
}

export function useCurrentSession() {
  return useQuery({
    queryKey: ["session"],
    queryFn: ({ signal }) => unwrap<Me>(client.GET("/api/v1/sessions/current", { signal })),
    staleTime: 60_000,
    retry: false,
  });
}

export async function signOut(): Promise<void> {
  await unwrap(client.DELETE("/api/v1/sessions/current", {}));
  location.assign("/");
}

/** Where a person goes after signing in: the page asked for, when it is one of ours and of the same portal. */
export function landing(portal: string, next: string | null): string {
  const home = portal === "me" ? "/me/today" : `/${portal === "platform" ? "agency" : portal}/`;
  if (next && new RegExp(`^/${portal}(/[\\w\\-/?=&.%]*)?$`).test(next)) return next;
  return home;
}

export function toLogin(): void {
  const here = location.pathname + location.search;
  location.assign(`/?next=${encodeURIComponent(here)}`);
}
