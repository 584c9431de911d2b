import { PublicShell } from "../shared/PublicShell";
import { startPortal } from "../shared/boot";
import { LoginPage } from "../features/login/LoginPage";
import { NotFound } from "../shared/NotFound";

void startPortal("/", [
  {
    element: <PublicShell />,
    children: [
      { index: true, element: <LoginPage /> },
      { path: "*", element: <NotFound /> },
    ],
  },
]);
