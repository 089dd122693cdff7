import { setTimeout as pause } from 'node:timers/promises'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { PK, stateKey } from '../../../core/platform/tables.ts'
import { backfillRuns, censusRuns, sweepRuns } from '../../../core/sync/run-store.ts'
import { inApp } from '../../clickup/world/mutation.ts'
import { LATE_MS } from '../parts.ts'
import type { Stage } from '../stage.ts'
import { should, type Turn } from '../turn.ts'

const functions = ['sync'] as const
/** What it asks of the guard is not worked off: that is another turn. */
const SYNCING = ['sync', 'consumer'] as const

const stateOf = ({ system: { clients, details } }: Stage) => ({ dynamo: clients.dynamo, table: details.tables.state })

/** Lets a job be done from the schedule's message to its end. */
async function run(stage: Stage, job: 'backfill' | 'sweep' | 'census', connection?: string): Promise<void> {
  const { details } = stage.system
  const runs = { backfill: backfillRuns, sweep: sweepRuns, census: censusRuns }[job](stateOf(stage), details.connection)
  const before = await runs.load().catch(() => null)
  const message = { job, connection: connection ?? details.connection, reason: 'asked', everything: true, days: null }
  await stage.queues.send(stage.urlOf('sync'), JSON.stringify(message))
  await stage.workUntil(
    async () => {
      const now = await runs.load()
      return now !== null && now.run !== before?.run && now.endedAt !== null
    },
    `the end of the ${job}`,
    { workers: SYNCING },
  )
}

/** Lets a sweep take its first step, and no more. */
async function begin(stage: Stage): Promise<void> {
  const runs = sweepRuns(stateOf(stage), stage.system.details.connection)
  const before = await runs.load().catch(() => null)
  await stage.queues.send(stage.urlOf('sync'), JSON.stringify({ job: 'sweep', connection: '*', reason: 'asked' }))
  await stage.workUntil(
    async () => {
      const now = await runs.load().catch(() => null)
      return now !== null && now.run !== before?.run && now.sentAt > 0
    },
    'the beginning of the sweep',
    { workers: SYNCING },
  )
  for (const worker of SYNCING) await stage.queues.purge(stage.urlOf(worker))
}

/** Somebody does something that no webhook tells of. */
function unheard(stage: Stage, act: (actor: ReturnType<typeof inApp>) => void): void {
  const { faults, webhooks, world } = stage.clickup
  const person = world.users().find(({ bot }) => !bot)
  const { silentWebhooks } = faults
  faults.silentWebhooks = [...webhooks.all()].map(({ id }) => id)
  if (person !== undefined) act(inApp(person.id))
  faults.silentWebhooks = silentWebhooks
}

export const SYNC_TURNS: readonly Turn[] = [
  {
    name: 'a sweep begins',
    functions,
    upsets: 'state',
    play: begin,
  },
  {
    name: 'a sweep of all connections finds what was never delivered, and asks for the guard',
    functions,
    async play(stage) {
      await run(stage, 'sweep', '*')
      stage.nextTask()
      unheard(stage, (actor) => {
        const { taskId } = stage.places
        const end = Date.now()
        stage.clickup.world.trackTime(actor, { taskId, start: end - 60_000, end })
      })
      await pause(2 * LATE_MS)
      await run(stage, 'sweep', '*')
      const { visible } = await stage.queues.waiting(stage.urlOf('guard'))
      should(visible > 0, 'the guard is not told that nothing is delivered')
      await stage.queues.purge(stage.urlOf('guard'))
    },
  },
  {
    name: 'a census counts what is there',
    functions,
    play: (stage) => run(stage, 'census'),
  },
  {
    name: 'a run that cannot be read is set aside',
    functions,
    upsets: 'state',
    tolerates: ['Where the sweep stands cannot be read: it was set aside, and the sweep begins anew'],
    async play(stage) {
      const { clients, details } = stage.system
      const Item = { [PK]: stateKey(details.connection, 'sweep'), version: 'x', schemaVersion: 1 }
      await clients.dynamo.send(new PutCommand({ TableName: details.tables.state, Item }))
      await begin(stage)
    },
  },
]
