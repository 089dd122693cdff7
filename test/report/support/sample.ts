import type { Change } from '../../../core/ledger/change.ts'
import { timePart } from '../../../core/platform/tables.ts'
import { cycleRow, type RowContext } from '../../../core/report/cycle-row.ts'
import { createPeople } from '../../../core/report/people.ts'
import type { ReadCycles } from '../../../core/report/read-cycles.ts'
import { type ReportSettings, reportSettingsSchema } from '../../../core/report/settings.ts'
import { type Calendar, createCalendar } from '../../../core/report/working-time.ts'
import { createPhases } from '../../../core/tasks/cycle/phases.ts'
import { type Snapshot, UNKNOWN_FIELDS } from '../../../core/tasks/snapshot.ts'
import { createRandom } from '../../../local/clickup/random.ts'

const HOUR = 3_600_000

export const TYPES: Readonly<Record<string, string>> = {
  'to do': 'open',
  'in progress': 'custom',
  review: 'custom',
  done: 'done',
  closed: 'closed',
}

export const aTask = (over: Partial<Snapshot> = {}): Snapshot => ({
  ...UNKNOWN_FIELDS,
  id: 'abc',
  name: 'A task',
  state: 'present',
  observedAt: 0,
  version: 1,
  incarnation: 0,
  ...over,
})

let made = 0

/** The change of a status; `null` before it when the task was made with it. */
export function statusChange(before: string | null, after: string, at: number, over: Partial<Change> = {}): Change {
  made += 1
  const named = (name: string) => ({ name, type: TYPES[name] ?? 'custom' })
  return {
    id: made.toString(16).padStart(64, '0'),
    connection: 'main',
    resource: { kind: 'task', id: 'abc' },
    field: 'status',
    customField: null,
    before: before === null ? null : named(before),
    after: named(after),
    at,
    atEarliest: at,
    order: timePart(at),
    actor: { id: '7', name: 'Ann' },
    origin: 'webhook',
    receivedAt: at,
    listId: '901',
    ...over,
  }
}

export const NOW = Date.UTC(2026, 5, 1, 12)
const NAMES = ['Invoices', 'Search', 'Sign-in', 'Mobile app', 'Data export', 'Billing <beta> & "co"'] as const
const PEOPLE = ['Ann Meyer', 'Ben Cole', 'Chiara Rossi', 'Dag Lund']

/** Tasks of a quarter as a team does them: most within days, some within weeks, a few taken up again. */
export function sample({
  tasks = 400,
  seed = 7,
  settings = {},
}: {
  tasks?: number
  seed?: number
  settings?: object
} = {}) {
  const parsed: ReportSettings = reportSettingsSchema.parse({ timeZone: 'Europe/Berlin', ...settings })
  const calendar: Calendar = createCalendar(parsed)
  const random = createRandom(seed)
  const context: RowContext = {
    connection: 'main',
    phases: createPhases(parsed.statuses),
    working: calendar.working,
    now: NOW,
    people: createPeople([], {}),
    sprints: new Map(),
  }
  const rows = Array.from({ length: tasks }, (_, i) => {
    const doneAt = NOW - random.int(0, 88) * 24 * HOUR - random.int(0, 300) * 60_000
    const spread = () => Math.exp((random.next() + random.next() + random.next() - 1.5) * 2)
    const hours = (most: number) => Math.round(spread() * most * 60) * 60_000
    const [waited, worked, reviewed] = [hours(70), hours(34), hours(9)]
    const id = `t${i}`
    const began = doneAt - worked - reviewed
    const bornAt = began - waited
    const of = { resource: { kind: 'task', id } }
    const changes = [
      statusChange(null, 'to do', bornAt, of),
      statusChange('to do', 'in progress', began, of),
      ...(random.next() < 0.12
        ? [
            statusChange('in progress', 'done', began + worked * 0.4, of),
            statusChange('done', 'in progress', began + worked * 0.5, of),
          ]
        : []),
      statusChange('in progress', 'review', began + worked, of),
      statusChange('review', 'done', doneAt, of),
    ]
    const list = NAMES[Math.floor(random.next() ** 1.6 * NAMES.length)] ?? NAMES[0]
    const person = PEOPLE[Math.floor(random.next() * PEOPLE.length)] ?? ''
    const task = aTask({
      id,
      name: i === 3 ? '<script>alert(1)</script>' : `${list}: piece ${i}`,
      url: `https://app.clickup.com/t/${id}`,
      list: { id: String(NAMES.indexOf(list)), name: list },
      space: { id: '701', name: 'Product' },
      assignees: [{ id: person, name: person }],
      status: { name: 'done', type: 'done' },
      createdAt: bornAt,
      doneAt,
    })
    return cycleRow({ task, changes, times: null }, context)
  })
  const read: ReadCycles = { rows, inProgress: 14, unreadable: 0, claimed: 0, cut: false }
  return { read, calendar, settings: parsed, context }
}
