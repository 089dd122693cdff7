import * as z from 'zod'
import { createRandom } from '../../clickup/random.ts'
import type { Call, Through } from '../../virtual/aws/in-process.ts'
import { TABLES } from '../../virtual/aws/tables.ts'
import { createEditor } from '../../virtual/edits.ts'
import { createMachine } from '../../virtual/machine.ts'
import { differencesOf } from '../../virtual/truth.ts'
import type { SyncBreak } from './breaks.ts'
import { rowsOf, type SyncCase } from './cases.ts'
import { type Listing, listingOf } from './listings.ts'

const MINUTE = 60_000
/** So long ClickUp answers so, and so long it is given to be well again afterwards. */
const HOSTILE_MS = 60 * MINUTE
const QUIET_MS = 120 * MINUTE
/** ClickUp's smaller plans let 100 a minute pass, and sweeps are not to have all of it: what goes round uses all there is. */
const MOST_CALLS = 1_200

export type SyncVerdict = { readonly ending: string; readonly faults: readonly string[] }

/**
 * Plays a workspace whose every delivery is lost: a backfill while all is well, people who change tasks, then sweep and census while the
 * answers of one listing are hostile, and again when they are well. Then every snapshot has to equal the truth.
 */
export async function trySync(
  { listing, change }: Omit<SyncCase, 'name'>,
  { seed, broken }: { seed: number; broken: SyncBreak | null },
): Promise<SyncVerdict> {
  let isHostile = false
  let isLosing = false
  let touched = 0
  const errors: string[] = []
  const machine = small(
    seed,
    (message) => errors.push(message),
    async (url, answer) => {
      const asked = listingOf(url)
      if (!isHostile || asked?.listing !== listing || !answer.ok) return answer
      const changed = change(await answer.clone().text(), asked.key)
      if (changed === null) return answer
      touched += 1
      return changed
    },
    (call, next) => (isLosing && isWriteOfTask(call) ? {} : next(call)),
  )
  const { time, sync, queue, clickup } = machine
  const settled = async (ms: number) => {
    time.schedule(time.now() + ms, () => undefined)
    await time.run({ until: time.now() + ms })
  }
  sync.send({ job: 'backfill', reason: 'asked', days: null })
  await settled(30 * MINUTE)
  const editor = createEditor(clickup.world, createRandom(seed))
  for (const id of clickup.taskIds) editor.edit(id, 'rename')
  const before = clickup.calls.length
  isHostile = true
  isLosing = broken === 'lose-writes'
  sync.send({ job: 'sweep', reason: 'asked' })
  sync.send({ job: 'census', reason: 'asked', everything: true })
  await settled(HOSTILE_MS)
  const calls = clickup.calls.length - before
  const deleted = clickup.taskIds.filter((id) => machine.snapshot(id)?.state === 'deleted')
  isHostile = false
  for (const job of ['sweep', 'census', 'sweep'] as const) {
    sync.send({ job, reason: 'asked', everything: true })
    await settled(QUIET_MS / 3)
  }
  const wrong = clickup.taskIds.flatMap((id) => differencesOf(clickup, machine.snapshot(id), id))
  const [difference] = wrong
  const { failed, timedOut } = sync.invocations
  return {
    ending: touched === 0 ? 'not asked' : sync.failed > 0 ? 'given up' : 'well again',
    faults: [
      ...(failed > 0 ? [`${failed} times a job threw: ${errors[0]}`] : []),
      ...(timedOut > 0 ? [`${timedOut} jobs ran into their time-out`] : []),
      ...(calls > MOST_CALLS ? [`ClickUp was asked ${calls} times in an hour`] : []),
      ...(deleted.length > 0 ? [`${deleted.length} tasks that are there were taken for deleted`] : []),
      ...(queue.quarantined > 0 ? [`${queue.quarantined} messages are in quarantine`] : []),
      ...(difference === undefined
        ? []
        : [
            `${wrong.length} fields are not as in ClickUp at last, ${difference.field} of ${difference.taskId} for one`,
          ]),
      ...(sync.open() > 0 ? [`${sync.open()} jobs go round and round`] : []),
    ],
  }
}

const writeSchema = z.looseObject({ TableName: z.literal(TABLES.tasks) })
const isWriteOfTask = ({ name, input }: Call) => /^(Put|Update)Item$/.test(name) && writeSchema.safeParse(input).success

/** The first row of each listing as the fake answers it, for the places of its fields. */
export async function firstRows(seed: number): Promise<ReadonlyMap<Listing, unknown>> {
  const rows = new Map<Listing, unknown>()
  const { sync, time } = small(
    seed,
    () => undefined,
    async (url, answer) => {
      const asked = listingOf(url)
      if (asked === null || !answer.ok || rows.has(asked.listing)) return answer
      const [row] = rowsOf(await answer.clone().text(), asked.key)
      if (row !== undefined) rows.set(asked.listing, row)
      return answer
    },
  )
  for (const job of ['backfill', 'sweep', 'census'] as const) {
    sync.send({ job, reason: 'asked', everything: true })
    time.schedule(time.now() + 20 * MINUTE, () => undefined)
    await time.run({ until: time.now() + 20 * MINUTE })
  }
  return rows
}

function small(
  seed: number,
  onError: (message: string) => void,
  answers: (url: string, answer: Response) => Promise<Response>,
  through: Through = (call, next) => next(call),
) {
  return createMachine({
    ...{ seed, random: createRandom(seed) },
    clickup: { tasks: 3, mostInAList: 1, old: { tasks: 2, timeEntries: 2 }, plan: 'Unlimited', faults: { lost: 1 } },
    onLine: ({ level, message, fields }) => {
      if (level === 'error') onError(`${message} ${String(fields['error'] ?? '')}`.slice(0, 300))
    },
    variation: { through, fetch: (fetch) => async (url, init) => answers(url, await fetch(url, init)) },
  })
}
