/** A link the server gives names the whole path ("/employer/transfers/1"); inside a portal the router wants the rest. */
export function portalPath(link: string): string {
  const rest = link.replace(/^\/(employer|agency|me)(?=\/|$)/, "");
  return rest.startsWith("/") ? rest : `/${rest}`;
}
