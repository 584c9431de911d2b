import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import type { Me } from "../api/types";
import { newQueryClient, Providers } from "../shared/boot";
import { MeContext } from "../shared/session";

export const HR: Me = {
  user_id: "u1",
  name: "李经理",
  username: "hr_manager",
  role: "hr_manager",
  role_name: { zh: "人事经理", en: "HR manager" },
  portal: "employer",
  organisation: { id: "employer:1", kind: "employer", name: "长沙星河制造有限公司", region: "430100" },
  permissions: ["status_query", "employee_edit"],
  must_change: false,
};

/** Renders one page as its portal would, signed in. */
export function renderPage(path: string, element: ReactNode, at = path, me: Me = HR) {
  const router = createMemoryRouter(
    [
      { path, element },
      { path: "*", element: <p>other page</p> },
    ],
    { initialEntries: [at] },
  );
  const view = render(
    <Providers client={newQueryClient()}>
      <MeContext value={me}>
        <RouterProvider router={router} />
      </MeContext>
    </Providers>,
  );
  return { router, ...view };
}
