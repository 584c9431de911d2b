import { useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { useMe } from "../../shared/session";
import type { EmployerHome, Hired, Insurance, NewEmployee, StatusReport, Transfer } from "../../api/types";

export interface Question {
  name: string;
  idNumber: string;
  region?: string;
  hiredOn?: string;
}

/** Asks every region about a person, as soon as the question is whole; a changed question aborts the one before. */
export function useStatusQuery(question: Question | null) {
  return useQuery({
    queryKey: ["status-query", question],
    enabled: question !== null,
    queryFn: ({ signal }) =>
      unwrap<StatusReport>(
        client.POST("/api/v1/status-queries", {
          body: { name: question?.name ?? "", id_number: question?.idNumber ?? "", region: question?.region, hired_on: question?.hiredOn },
          signal,
        }),
      ),
    staleTime: 60_000,
    gcTime: 60_000, // An ID number does not stay in memory longer than the work on it.
    refetchOnWindowFocus: false,
  });
}

/** The city where the company is insured: the form's default. */
export function useEmployerRegion(): string | undefined {
  const me = useMe();
  const home = useQuery({
    queryKey: ["employer-home"],
    queryFn: ({ signal }) => unwrap<EmployerHome>(client.GET("/api/v1/employer/home", { signal })),
    enabled: !me.organisation.region,
  });
  return me.organisation.region ?? home.data?.company.region;
}

export function hire(employee: NewEmployee): Promise<Hired> {
  return unwrap<Hired>(client.POST("/api/v1/employees", { body: employee }));
}

export function startTransfer(employeeId: string, fromRegion: string, insurance: Insurance): Promise<Transfer> {
  return unwrap<Transfer>(client.POST("/api/v1/transfers", { body: { employee_id: employeeId, from_region: fromRegion, insurance } }));
}
