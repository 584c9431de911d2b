/** What the server sends and takes, named in the field's terms. Money is integer fen, months are "2025-06". */

export interface Text {
  zh: string;
  en: string;
}
/** A text the server sends in both languages, or already in the asked one. */
export type Words = Text | string;

export type Severity = "blocking" | "warning" | "info";
export interface Finding {
  rule: string;
  severity: Severity;
  field?: string | null;
  message: Words;
  remedy?: Words | null;
  action?: string | null;
  who?: string | null;
}

export type Insurance = "pension" | "medical" | "unemployment" | "injury" | "maternity";
export type RelationStatus = "active" | "suspended" | "terminated";

export interface Organisation {
  id: string;
  kind: string;
  name: string;
  region?: string | null;
}
export interface Me {
  user_id: string;
  name: string;
  username: string;
  role: string;
  role_name: Words;
  portal: "employer" | "agency" | "platform";
  organisation: Organisation;
  permissions: string[];
  must_change: boolean;
}
export interface Captcha {
  id: string;
  svg: string;
}

export interface Page<T> {
  items: T[];
  total?: number | null;
  next_cursor?: string | null;
}

export interface Relation {
  region: string;
  insurance: Insurance;
  status: RelationStatus;
  months: number;
  first_month?: string | null;
  last_month?: string | null;
  spans?: string | null;
  arrears_fen?: number | null;
}
export interface StatusAnswer {
  person_found: boolean;
  name_matches: boolean;
  relations: Relation[];
  months_total: Record<string, number>;
  unanswered: string[];
  asked_at?: string;
}
/** What can be done about a person, in one word. */
export type Verdict = "direct" | "needs_transfer" | "bad_data" | "unanswered";
/** A finding with the relation it speaks of. */
export interface Advice extends Finding {
  region?: string | null;
  region_name?: string | null;
  insurance?: Insurance | null;
  overridable: boolean;
}
export interface StatusReport {
  identity: { birth_date: string; sex: "male" | "female"; sex_name: string; age: number; region_name: string };
  /** Absent when the platform itself did not answer. */
  answer?: StatusAnswer | null;
  verdict: Verdict;
  findings: Advice[];
  from_regions: string[];
  queried_at: string;
  elapsed_ms: number;
}

export interface KnownRelation extends Omit<Relation, "spans" | "arrears_fen"> {
  region_name: string;
  checked_at: string;
}
export interface Employee {
  id: string;
  number: number;
  name: string;
  id_masked: string;
  sex: "male" | "female";
  birth_date: string;
  phone_masked?: string | null;
  hired_on: string;
  region: string;
  region_name: string;
  household_region?: string | null;
  department: string;
  position: string;
  wage_fen?: number | null;
  state: string;
  state_name: string;
  source: string;
  checked_at?: string | null;
  version: number;
  allowed_actions: string[];
  relations: KnownRelation[];
  pension_months?: number | null;
}
export interface Hired {
  employee: Employee;
  findings: Advice[];
}
export interface NewEmployee {
  name: string;
  id_number: string;
  phone?: string;
  hired_on: string;
  region: string;
  department?: string;
  position?: string;
  wage_fen?: number;
  override_reason?: string;
}

export interface TransferSummary {
  id: string;
  number: number;
  employee_id: string;
  employee_name: string;
  id_masked: string;
  insurance: Insurance;
  from_region: string;
  to_region: string;
  months: number;
  state: string;
  state_name: string;
  step: string;
  step_name: string;
  round: number;
  filed_at?: string | null;
  due_on?: string | null;
  due_estimated: boolean;
  remaining_working_days?: number | null;
  overdue: boolean;
  amount_fen?: number | null;
  version: number;
  updated_at: string;
  allowed_actions: string[];
}
export interface FormField {
  key: string;
  label: string;
  value: string;
  required: boolean;
  missing: boolean;
  editable: boolean;
  source: string;
}
export interface Reason {
  code: string;
  text: Text;
  remedy?: Text | null;
  field?: string | null;
}
export interface TimelineEntry {
  round: number;
  step: string;
  label: string;
  state: "done" | "current" | "waiting" | "stopped";
  at?: string | null;
  office: string;
  office_phone: string;
  actor: string;
  deadline?: string | null;
  deadline_estimated: boolean;
  remaining_working_days?: number | null;
  overdue: boolean;
  reasons: Reason[];
}
export interface TransferDocument {
  id: string;
  kind: string;
  title: Text;
  verify_code: string;
  digest: string;
  signer_name: string;
  signed_at: string;
  current: boolean;
}
export interface Contact {
  region: string;
  name: string;
  phone?: string | null;
  address?: string | null;
  postcode?: string | null;
  hours?: string | null;
}
export interface Transfer extends TransferSummary {
  form: { fields: FormField[]; findings: Finding[] };
  timeline: TimelineEntry[];
  documents: TransferDocument[];
  contacts: Contact[];
}

export interface RosterRow {
  row: number;
  name: string;
  id_masked: string;
  verdict?: Verdict | null;
  verdict_name: string;
  from_regions: { region: string; name: string }[];
  findings: Advice[];
  employee_id?: string | null;
}
export interface Roster {
  id: string;
  file_name: string;
  state: "checking" | "ready" | "accepted";
  state_name: string;
  total: number;
  done: number;
  counts: { direct: number; transfer: number; bad: number; unanswered: number };
  created: number;
  uploaded_by: string;
  created_at: string;
  finished_at?: string | null;
  allowed_actions: string[];
}
export interface RosterDetail extends Roster {
  rows: Page<RosterRow>;
}

export interface Deadline {
  kind: string;
  object_id: string;
  name: string;
  title: Text;
  who: string;
  due_on: string;
  estimated: boolean;
  remaining_working_days: number;
  overdue: boolean;
  law: string;
  link: string;
}
export interface Notice {
  id: string;
  title: Words;
  body: Words;
  link?: string | null;
  at: string;
  read_at?: string | null;
}
export interface Notices {
  items: Notice[];
  unread: number;
  next_cursor?: string | null;
}

export interface StateCount {
  state: string;
  state_name: string;
  count: number;
}
export interface EmployerHome {
  company: { name: string; region: string };
  employees_total: number;
  employees: StateCount[];
  transfers: StateCount[];
  transfers_waiting: number;
  rosters_checking: number;
  overdue: number;
  deadlines: Deadline[];
}

export interface BusinessCount {
  business: string;
  name: Words;
  todo: number;
  overdue: number;
  done_today: number;
  mine: number;
}
export interface AgencyHome {
  businesses: BusinessCount[];
  totals: { todo: number; mine: number; overdue: number };
}
export interface Due {
  due_on: string;
  remaining_working_days: number;
  overdue: boolean;
  estimated: boolean;
}
export interface Case {
  id: string;
  number: string;
  business: string;
  subject: { name: string; id_masked?: string | null; person?: string | null };
  state: string;
  level: number;
  round: number;
  findings: Finding[];
  reasons: Reason[];
  source?: { from: string; message_id: string } | null;
  maker_name?: string | null;
  assignee_name?: string | null;
  submitted_at?: string | null;
  version: number;
}
export interface QueueItem extends Case {
  business_name: string;
  due?: Due | null;
  allowed_actions: string[];
}
export interface ViewField {
  key: string;
  label: Words;
  value: string;
  before?: string | null;
  changed: boolean;
  sensitive?: string | null;
}
export interface Section {
  title: Words;
  fields: ViewField[];
}
export interface HistoryStep {
  seq: number;
  round: number;
  act: string;
  act_name: string;
  state: string;
  user_name: string;
  role: string;
  opinion?: string | null;
  reasons: Reason[];
  findings: Finding[];
  at: string;
}
export interface LedgerEntry {
  journal?: string;
  at: string;
  kind: string;
  account: Words;
  amount_fen: number;
  side?: string;
}
export interface YearRow {
  year: number;
  region_name?: string;
  from: string;
  to: string;
  months: number;
  base_fen: number;
  unit_rate?: string;
  person_rate?: string;
  account_rate?: string;
  credited_fen?: number;
  interest_fen?: number;
  balance_fen?: number;
  note?: string | null;
}
export interface InformationForm {
  lines: { key: string; label: Words; amount_fen: number }[];
  years: YearRow[];
}
export interface CaseDetail {
  case: Case;
  business_name: Text;
  sections: Section[];
  corrections: ViewField[];
  due?: Due | null;
  history: HistoryStep[];
  allowed_actions: string[];
}
export interface CaseDocument {
  id: string;
  title: Text;
  code: string;
  office_name: string;
  signed_at: string;
  size_bytes: number;
}
export interface ReasonTemplate {
  code: string;
  zh: string;
  en: string;
  remedy_zh: string;
  remedy_en: string;
  refusal: boolean;
}

export interface PersonHit {
  id: string;
  name: string;
  id_masked: string;
  number: string;
  sex: "male" | "female";
  birth_date: string;
  retired: boolean;
}
export interface Person extends PersonHit {
  relations: (Relation & { account_kind: string; duplicates: number; employer_name: string })[];
  history: {
    insurance: Insurance;
    from: string;
    to: string;
    months: number;
    base_fen: number;
    employer_name: string;
    region: string;
    region_name: string;
  }[];
  accounts: { insurance: Insurance; kind: string; balance_fen: number; reserved_fen: number }[];
}

export interface Verification {
  verdict: "valid" | "altered" | "unknown" | "revoked";
  valid: boolean;
  compared: boolean;
  reason: Text;
  document?: {
    code: string;
    kind: string;
    title: Text;
    signed_by: string;
    office_name: string;
    signed_at: string;
    subject: string;
    digest: string;
    signature: string;
    public_key: string;
    revoked_at?: string | null;
    revoked_reason?: string | null;
  } | null;
}
