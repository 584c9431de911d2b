import { PublicShell } from "../shared/PublicShell";
import { startPortal } from "../shared/boot";
import { MePage } from "../features/me/MePage";
import { NotFound } from "../shared/NotFound";

startPortal("/me", [
  {
    element: <PublicShell />,
    children: [
      { index: true, element: <MePage /> },
      { path: "*", element: <NotFound /> },
    ],
  },
]);
