import type { RunningFunction } from '../stack/wiring/functions.ts'
import { failuresIn, type Queues } from './queues.ts'
import { should, TurnFailed } from './turn.ts'
import type { Watch } from './watch.ts'

/** Queues by the function that works them off. */
const QUEUES = { consumer: 'deliveries', sync: 'jobs', guard: 'guard', standup: 'standup' } as const
type Worker = keyof typeof QUEUES
const EVERYBODY: readonly Worker[] = ['sync', 'consumer', 'guard', 'standup']

/** By default everybody, and for twenty seconds. */
type Patience = { workers?: readonly Worker[]; deadlineMs?: number }

/** Functions, driven by hand instead of by pollers: each answer is seen, and what one says that it could not do is a failure. */
export type Workers = {
  urlOf(worker: Worker | 'quarantine'): string
  /** Invokes a function. @throws TurnFailed when it throws */
  invoke(name: string, payload: unknown): Promise<unknown>
  /** Hands what can be received now to the function that works it off, until there is nothing; how many messages it was. @throws TurnFailed when one of them could not be worked off */
  work(worker: Worker): Promise<number>
  /** The same with every queue in turn, until something has come about. @throws TurnFailed at the deadline */
  workUntil(isSo: () => Promise<boolean> | boolean, what: string, how?: Patience): Promise<void>
}

export function createWorkers({
  queues,
  watch,
  functionOf,
  urls,
}: {
  queues: Queues
  watch: Pick<Watch, 'errors'>
  functionOf(name: string): Pick<RunningFunction, 'invoke'>
  /** As the stack's outputs name them. */
  urls: Readonly<Record<string, string | undefined>>
}): Workers {
  const urlOf: Workers['urlOf'] = (worker) => {
    const url = urls[worker === 'quarantine' ? 'quarantine' : QUEUES[worker]]
    if (url === undefined) throw new Error(`The template has no queue of the ${worker}`)
    return url
  }

  async function invoke(name: string, payload: unknown): Promise<unknown> {
    const outcome = await functionOf(name).invoke(payload)
    if (outcome.kind === 'returned') return outcome.payload
    const why = outcome.kind === 'failed' ? outcome.error.errorMessage : 'it was throttled'
    throw new TurnFailed(`the invocation of ${name} failed: ${why}`)
  }

  /** One batch. */
  async function hand(worker: Worker): Promise<number> {
    const url = urlOf(worker)
    const records = await queues.take(url, worker === 'consumer' ? 10 : 1)
    if (records.length === 0) return 0
    const failed = failuresIn(await invoke(worker, { Records: records }))
    for (const record of records) if (!failed.includes(record.messageId)) await queues.remove(url, record)
    should(failed.length === 0, `${worker} could not work off ${failed.length} of ${records.length} messages`)
    return records.length
  }

  return {
    urlOf,
    invoke,
    async work(worker) {
      for (let handled = 0; ; ) {
        const more = await hand(worker)
        if (more === 0) return handled
        handled += more
      }
    },
    async workUntil(isSo, what, { workers = EVERYBODY, deadlineMs = 20_000 } = {}) {
      const deadline = performance.now() + deadlineMs
      for (;;) {
        const before = watch.errors().length
        let handled = 0
        for (const worker of workers) handled += await hand(worker)
        if (await isSo()) return
        should(watch.errors().length === before, `the log says: ${watch.errors().at(-1)?.message}`)
        should(performance.now() < deadline, `${what} did not come about`)
        if (handled === 0) await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
  }
}
