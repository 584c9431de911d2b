import { PublicShell } from "../shared/PublicShell";
import { startPortal } from "../shared/boot";
import { VerifyPage } from "../features/verify/VerifyPage";

void startPortal("/verify", [
  {
    element: <PublicShell />,
    children: [
      { index: true, element: <VerifyPage /> },
      { path: ":code", element: <VerifyPage /> },
    ],
  },
]);
