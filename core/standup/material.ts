import type { Named } from '../tasks/snapshot.ts'

/** From `from` to before `until` (ms since 1970), on the clocks of a time zone. */
export type Span = { from: number; until: number; timeZone: string }

/** The lists and spaces that a summary is about; neither: the whole connection. */
export type Scope = { connection: string; lists: readonly string[]; spaces: readonly string[] }

/** A task in the material. Its ref (`t1`) is what a model sees instead of the id. */
export type TaskOf = {
  ref: string
  id: string
  name: string
  list: Named | null
  /** As it is now; null where it is not known. */
  status: string | null
  url: string | null
}

/** A person in the material. A model sees the ref (`p1`), never the name. */
export type PersonOf = { ref: string; id: string; name: string }

/**
 * One thing that happened or stands, with the ids in the ledger that it rests on (none: what stands is in the snapshot).
 * Persons and tasks by their refs; times are ms since 1970, spans of time milliseconds.
 */
export type Fact = {
  /** What a statement cites: `f1`, `f2`, in the order of the material. */
  id: string
  /** Null: about a person. */
  task: string | null
  changeIds: readonly string[]
} & FactDetail

/**
 * When something happened, ms since 1970. `isAtLatest`: nobody told of it and a sweep has found it, so it may have been before, and
 * its time is not told.
 */
export type Moment = { at: number; isAtLatest?: true }

export type FactDetail =
  /** It was finished, and still is. */
  | ({ kind: 'done'; by: string | null; status: string } & Moment)
  | ({ kind: 'deleted'; by: string | null } & Moment)
  /** It was done, and is not any more. */
  | ({ kind: 'reopened'; by: string | null; from: string; to: string } & Moment)
  /** Somebody waits: its status or one of its tags says so. `forMs`: working time, null where nobody knows since when. */
  | { kind: 'blocked'; because: 'status' | 'tag'; word: string; forMs: number | null }
  /** Longer in its status than 85 of 100 tasks of its list that are done were. Both are working time. */
  | { kind: 'stuck'; status: string; forMs: number; p85Ms: number }
  | ({ kind: 'priority'; by: string | null; from: string | null; to: string | null } & Moment)
  | ({ kind: 'created'; by: string | null; status: string | null } & Moment)
  /** It went on, and is not done: from the status at the beginning of the span to that at its end. */
  | ({ kind: 'moved'; by: string | null; from: string | null; to: string } & Moment)
  /** Of a person: what was written down for work in the span. */
  | { kind: 'time'; person: string; ms: number; tasks: readonly string[] }
  /** Of a person: the tasks that are assigned to them and in work; `more` of them are not in the material. */
  | { kind: 'working'; person: string; tasks: readonly string[]; more: number }

export type FactKind = Fact['kind']

/** Kinds in the order in which they are told, and in which they are kept when there is no room for all. */
export const FACT_KINDS = [
  'blocked',
  'stuck',
  'done',
  'deleted',
  'reopened',
  'priority',
  'created',
  'moved',
  'time',
  'working',
] as const satisfies readonly FactKind[]

/** What a summary must not leave out: told by template where a model says nothing of it. */
export const MUST_TELL: ReadonlySet<FactKind> = new Set(['blocked', 'stuck', 'done', 'reopened', 'priority'])

/**
 * What somebody has written about a task: its description, a comment, the value of a field. It is data, cited like a fact (`x1`),
 * and proves nothing but that it was written. Only recipes have texts.
 */
export type TextOf = {
  id: string
  task: string | null
  /** What it is, such as `description`; made by code, with persons by their refs. */
  label: string
  text: string
  /** Those in the ledger that it rests on; none: it is in the snapshot. */
  changeIds: readonly string[]
}

/** All that a summary is made of: from the ledger, the snapshots and the worklog, never from ClickUp. The same for the same data. */
export type Material = {
  scope: Scope
  /** The scope in words, such as `Backend API, Infrastructure`. */
  about: string
  span: Span
  /** Working time of a whole working day, ms: long spans are told in days of it. */
  workingDayMs: number
  /** By ref. */
  tasks: ReadonlyMap<string, TaskOf>
  people: ReadonlyMap<string, PersonOf>
  facts: readonly Fact[]
  texts?: readonly TextOf[]
  /** How many of each kind there are, those in `facts` included. */
  totals: Readonly<Record<FactKind, number>>
  /** Everything recoverable before it is in the ledger (ms since 1970); null where no sweep has told. */
  watermark: number | null
  /** What could not be read, and changes that are still being worked on. */
  unreadable: number
  claimed: number
  /** So much was to be read that reading stopped. */
  cut: boolean
}
