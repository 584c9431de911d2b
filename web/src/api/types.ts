/** The server's shapes under the names the pages use; all of them come from the OpenAPI document. Money is integer fen, months are "2025-06". */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Text = Schemas["Text"];
/** A text the server sends in both languages, or in one. */
export type Words = Text | string;
export type Severity = Schemas["Severity"];
export type Finding = Schemas["Finding"];
export type Insurance = Schemas["Insurance"];
export type RelationStatus = Schemas["RelationStatus"];

/** A page of a list; the server's own page types have this shape. */
export interface Page<T> {
  items: T[];
  total?: number | null;
  next_cursor?: string | null;
}

export type Me = Schemas["Me"];
export type Captcha = Schemas["Captcha"];
export type Notice = Schemas["Notice"];
export type Notices = Schemas["Notices"];

export type Relation = Schemas["RelationView"];
export type Verdict = Schemas["Verdict"];
export type Advice = Schemas["Advice"];
export type StatusReport = Schemas["StatusReport"];
export type NewEmployee = Schemas["NewEmployee"];
export type Employee = Schemas["EmployeeView"];
export type KnownRelation = Schemas["KnownRelation"];
export type Hired = Schemas["Hired"];
export type Enrolment = Schemas["EnrolmentView"];
export type WageReport = Schemas["WageReport"];
export type EmployerHome = Schemas["Home"];
export type Deadline = Schemas["DeadlineView"];
export type Contact = Schemas["AgencyContact"];

export type TransferSummary = Schemas["TransferSummary"];
export type Transfer = Schemas["TransferDetail"];
export type FormField = Schemas["FieldView"];
export type TimelineEntry = Schemas["TimelineItem"];
export type TransferDocument = Schemas["DocumentView"];
/** A reason of a return or refusal; on a case it may also name the field. */
export type Reason = Schemas["ReasonView"] & Pick<Partial<Schemas["Reason"]>, "field">;

export type Roster = Schemas["RosterView"];
export type Started = Schemas["Started"];
export type RosterDetail = Schemas["RosterDetail"];
export type RosterRow = Schemas["RosterRowView"];

export type AgencyHome = Schemas["AgencyHome"];
export type QueueItem = Schemas["QueueItem"];
export type CaseDetail = Schemas["CaseDetail"];
export type CaseDocument = Schemas["CaseDocument"];
export type HistoryStep = Schemas["Step"];
export type ViewField = Schemas["ViewField"];
export type TransferBooks = Schemas["TransferBooks"];
export type ReasonTemplate = Schemas["ReasonTemplate"];
export type OpinionTemplate = Schemas["OpinionTemplate"];
export type PersonHit = Schemas["PersonHit"];
export type Person = Schemas["PersonDetail"];

export type Verification = Schemas["Verification"];

export type EmployeeFile = Schemas["EmployeeFile"];
export type Contract = Schemas["ContractView"];
export type WageRow = Schemas["WageRow"];
export type PositionRow = Schemas["PositionRow"];
export type Deduction = Schemas["ClaimView"];
export type ClaimKind = Schemas["ClaimKind"];
export type EmployeeDocument = Schemas["EmployeeDocument"];
export type StopReason = Schemas["StopReason"];
export type Expiring = Schemas["Expiring"];
export type Department = Schemas["Department"];
export type SavedView = Schemas["SavedView"];
export type BulkChange = Schemas["BulkChange"];
export type BulkOutcome = Schemas["BulkOutcome"];
export type PlannedChange = Schemas["PlannedChange"];
export type ImportOutcome = Schemas["ImportOutcome"];
export type DuplicatePair = Schemas["DuplicatePair"];
export type Merge = Schemas["MergeView"];
export type CompanyFile = Schemas["CompanyFile"];
export type Industry = Schemas["Industry"];
export type IndustryField = Schemas["IndustryField"];

// The insurance month.
export type MonthBoard = Schemas["MonthBoard"];
export type RegionMonth = Schemas["RegionMonth"];
export type MonthStep = Schemas["MonthStep"];
export type TaskBoard = Schemas["TaskBoard"];
export type TaskView = Schemas["TaskView"];
export type SweepView = Schemas["SweepView"];
export type StopView = Schemas["StopView"];
export type StopLineView = Schemas["StopLineView"];
export type InsuranceAmount = Schemas["InsuranceAmount"];
export type DeclarationView = Schemas["DeclarationView"];
export type DeclarationDetail = Schemas["DeclarationDetail"];
export type DeclarationLineView = Schemas["DeclarationLineView"];
export type AdjustmentPreview = Schemas["AdjustmentPreview"];
export type AdjustmentPreviewLine = Schemas["AdjustmentPreviewLine"];
export type RetroView = Schemas["RetroView"];
export type RetroDetail = Schemas["RetroDetail"];
export type RetroMonth = Schemas["RetroMonth"];
export type RetroLineView = Schemas["RetroLineView"];
export type AdjustmentView = Schemas["AdjustmentView"];
export type BillView = Schemas["BillView"];
export type BillDetail = Schemas["BillDetail"];
export type BillLineView = Schemas["BillLineView"];
export type BillDocument = Schemas["BillDocument"];
export type BillReceipt = Schemas["BillReceipt"];
export type BillPayment = Schemas["BillPayment"];
export type BillImport = Schemas["BillImport"];
export type PaymentStarted = Schemas["PaymentStarted"];
export type ReconcilePage = Schemas["ReconcilePage"];
export type ReconcileRow = Schemas["ReconcileRow"];
export type Difference = Schemas["Difference"];
export type SeenMonth = Schemas["SeenMonth"];

// Amounts by hand for payroll.
export type PayEntries = Schemas["PayEntries"];
export type PayEntryRow = Schemas["PayEntryRow"];
export type PayOpenings = Schemas["PayOpenings"];
export type PayOpeningRow = Schemas["PayOpeningRow"];
export type PayAccounts = Schemas["PayAccounts"];
export type PayAccountRow = Schemas["PayAccountRow"];
