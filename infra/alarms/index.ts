import type { AlarmRow, Part } from './alarm.ts'
import { ACCESS } from './rows/access.ts'
import { ACKNOWLEDGE } from './rows/acknowledge.ts'
import { API } from './rows/api.ts'
import { BUDGET } from './rows/budget.ts'
import { FAILURES } from './rows/failures.ts'
import { INTAKE } from './rows/intake.ts'
import { LATENESS } from './rows/lateness.ts'
import { SECRETS } from './rows/secrets.ts'
import { STANDUP } from './rows/standup.ts'
import { SYNC } from './rows/sync.ts'
import { TABLES } from './rows/tables.ts'
import { VERIFIER } from './rows/verifier.ts'
import { WATCHING } from './rows/watching.ts'
import { WEBHOOKS } from './rows/webhooks.ts'

/** The alarms by what they are about, along the way of a change. */
export const TOPICS: readonly { title: string; rows: readonly AlarmRow[] }[] = [
  { title: 'Deliveries and their answers', rows: [...VERIFIER, ...ACKNOWLEDGE, ...INTAKE] },
  { title: 'Webhooks', rows: WEBHOOKS },
  { title: 'From the queue to the bus', rows: [...FAILURES, ...LATENESS] },
  { title: "ClickUp's API", rows: [...API, ...ACCESS, ...BUDGET] },
  { title: 'Sweep and census', rows: SYNC },
  { title: 'Summaries and recipes', rows: STANDUP },
  { title: 'Secrets', rows: SECRETS },
  { title: 'Tables', rows: TABLES },
  { title: 'The watch itself', rows: WATCHING },
]

/** Every alarm that a stage can have. The template, the runbook and the dashboard are made from these rows. */
export const ALARMS: readonly AlarmRow[] = TOPICS.flatMap(({ rows }) => rows)

/** The alarms of a stage that has these parts. */
export const alarmsOf = (parts: ReadonlySet<Part>): readonly AlarmRow[] =>
  ALARMS.filter(({ needs }) => needs === undefined || parts.has(needs))

/** The parts of a stage that not every stage has. */
export const partsOf = ({ standup }: { standup?: { model?: object | undefined } | undefined }): ReadonlySet<Part> =>
  new Set<Part>([
    ...(standup === undefined ? [] : (['standup'] as const)),
    ...(standup?.model === undefined ? [] : (['model'] as const)),
  ])
