import { useMutation } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import type { Employee } from "../../api/types";
import { MaskedText } from "../../shared/bits";
import { useMe } from "../../shared/session";
import { ProblemNote } from "../../shared/states";

/** The ID number, masked until its reader asks for it; asking is recorded. */
export function RevealId({ employee }: { employee: Employee }) {
  const me = useMe();
  const reveal = useMutation({
    mutationFn: () =>
      unwrap<{ value: string }>(
        client.POST("/api/v1/employees/{id}/reveal", { params: { path: { id: employee.id } }, body: { field: "id_number" } }),
      ),
  });
  return (
    <>
      <MaskedText
        masked={employee.id_masked}
        full={reveal.data?.value}
        loading={reveal.isPending}
        onReveal={me.permissions.includes("reveal_sensitive") ? () => reveal.mutate() : undefined}
      />
      {reveal.isError && <ProblemNote error={reveal.error} />}
    </>
  );
}
