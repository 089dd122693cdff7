import type { Connection } from '../../core/platform/connections.ts'
import type { Reading } from '../../core/process/settings.ts'
import type { Gate } from '../../core/upstream/gate.ts'
import { consumer } from './consumer.ts'
import type { startDynamo } from './dynamo.ts'
import { upstream } from './upstream.ts'

export type SetUp = {
  embedded: Awaited<ReturnType<typeof startDynamo>>
  /** The consumer's time at the beginning, milliseconds since 1970. */
  now: number
  answers?: Record<string, unknown>
  connection?: Connection
  token?: string | null
  gate?: Gate
  reading?: Reading
}

/** A consumer on tables of its own, before a ClickUp with the given answers, which tells the consumer's own time. */
export async function setUpConsumer({ embedded, now, answers = {}, ...over }: SetUp) {
  const tables = await embedded.tables()
  const known = new Map(Object.entries(answers))
  const clickup = upstream(known, { now: () => worker.clock.time })
  const worker = consumer({ dynamo: embedded.dynamo, tables, fetch: clickup.fetch, now, ...over })
  return { ...worker, tables, answers: known, calls: clickup.calls }
}
