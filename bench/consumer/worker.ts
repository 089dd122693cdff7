import type { Through } from '../../local/virtual/aws/in-process.ts'
import { gc } from '../memory/gc.ts'
import { createRig } from './rig.ts'
import type { Asked, Measured } from './worked.ts'

/**
 * Measures the consumer in a process of its own, whose heap is nobody else's. What is asked comes as the
 * first argument, what was measured goes out as one line of JSON.
 */
const asked: Asked = JSON.parse(process.argv[2] ?? '')

const TASKS = 500
const WARM_MESSAGES = 3_000
const LONG = 10_000

const hoard: unknown[] = []
/** Whoever keeps what it is answered never gives anything back. */
const keepAll: Through = async (call, next) => {
  const output = await next(call)
  hoard.push(structuredClone(output))
  return output
}
const through = asked.broken === 'hoard' ? keepAll : undefined
const options = { tasks: TASKS, ...(through === undefined ? {} : { through }) }

// First, as long as nothing else is on the heap.
const keeps = await kept(asked.keeping)
await createRig(options).work(WARM_MESSAGES)
const sequences: Measured['sequences'] = []
for (const messages of asked.sequences) {
  const times: number[] = []
  // A long one is its own average.
  const rounds = messages < LONG ? asked.rounds : Math.ceil(asked.rounds / 3)
  for (let round = 0; round < rounds; round += 1) times.push(await microsecondsEach(messages))
  sequences.push({ messages, microsecondsEach: median(times) })
}
const measured: Measured = { sequences, kept: keeps }
process.stdout.write(`${JSON.stringify(measured)}\n`)

/**
 * Processor time for a message of a sequence. Every task is known when it begins: of a short one all would be new otherwise, which takes
 * several times as long, and beside that a long one may grow as it likes.
 */
async function microsecondsEach(messages: number): Promise<number> {
  const rig = createRig(options)
  await rig.work(2 * TASKS)
  const known = rig.published()
  gc()
  const before = process.cpuUsage()
  await rig.work(messages)
  const { user, system } = process.cpuUsage(before)
  const published = rig.published() - known
  if (published < messages / 2) throw new Error(`Only ${published} changes were published`)
  return (user + system) / messages
}

/** Bytes of heap after so many messages, when the tables hold no more than before. */
async function kept(steps: readonly number[]): Promise<Measured['kept']> {
  const rig = createRig(options)
  let done = 0
  const found: Measured['kept'] = []
  for (const messages of steps) {
    await rig.work(messages - done)
    done = messages
    await rig.expire()
    found.push({ messages, bytes: heap() })
  }
  return found
}

function heap(): number {
  gc()
  return process.memoryUsage().heapUsed
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
