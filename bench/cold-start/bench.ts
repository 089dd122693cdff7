import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from '../../infra/constructs/bundle.ts'
import { createRandom } from '../../local/clickup/random.ts'
import { FUNCTION_NAMES, type FunctionName } from '../bundles/budgets.ts'
import type { Bench, BenchOptions, Figure } from '../figure.ts'
import { median } from '../interleaved.ts'
import { deliveryEvent, startSurroundings } from './environment.ts'
import { EMPTY, handlerOf, SAME_CALLS, sdkOnly } from './modules.ts'
import { findRuntimeClient } from './runtime-client.ts'
import { start } from './start.ts'
import { type Started, THROUGH_CLIENT, throughClient } from './through-client.ts'

export const coldStart: Bench = {
  name: 'cold-start',
  title: 'import and first invocation in a fresh Node 24, without its own start; beside the same of the SDK alone',
  breaks: ['secret'],
  run,
}

/** A module that is started again and again. `event` null: it is imported, and its handler is not called. */
type Subject = Started & { times: { importMs: number; wholeMs: number }[] }

/** Those whose first invocation is measured with ours, as the others would have to be given work. */
const WITH_EMPTY_BATCH: readonly FunctionName[] = ['consumer', 'sync', 'guard']

const UPPERCASE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

async function run({ seed, broken, quick, note }: BenchOptions): Promise<readonly Figure[]> {
  const random = createRandom(seed)
  const secret = random.text(UPPERCASE, 64)
  // Broken on purpose: the delivery is signed with another secret than the one that is kept.
  const delivery = deliveryEvent(broken === 'secret' ? random.text(UPPERCASE, 64) : secret)
  const directory = mkdtempSync(join(tmpdir(), 'hookline-cold-start-'))
  const { env, close } = await startSurroundings(secret)
  using modules = new DisposableStack()
  const built = (entry: string) => join(modules.use(bundle(entry)).directory, 'index.mjs')
  const fromSource = (name: string, source: string) => {
    const entry = join(directory, `${name}.ts`)
    writeFileSync(entry, source)
    return built(entry)
  }
  try {
    const names = quick ? (['verifier', 'consumer'] as const) : FUNCTION_NAMES
    const subjects: Subject[] = []
    const add = (name: string, module: string, event: unknown) =>
      subjects.push({ name, module, event, expects200: event === delivery, times: [] })
    add('empty', fromSource('empty', EMPTY), {})
    add('same calls', fromSource('same-calls', SAME_CALLS), delivery)
    for (const name of names) {
      const event = name === 'verifier' ? delivery : WITH_EMPTY_BATCH.includes(name) ? { Records: [] } : null
      add(name, built(handlerOf(name)), event)
      add(`${name}, SDK`, fromSource(`${name}-sdk`, sdkOnly(name)), {})
      if (name === 'verifier' || name === 'consumer') add(`${name}, unbundled`, handlerOf(name), event)
    }
    const rounds = quick ? 3 : 11
    note(`${subjects.length} modules, ${rounds} processes each`)
    let refused = 0
    for (let round = 0; round < rounds; round += 1) refused += await oneOfEach(subjects, env)
    const figures = figuresOf(names, subjects)
    const client = findRuntimeClient(process.env.AWS_LAMBDA_RIC)
    if (client.kind === 'none') {
      note(`not through the runtime interface client: ${client.reason}`)
    } else {
      const modules = subjects.filter(({ name }) => THROUGH_CLIENT.includes(name))
      note(`${modules.length} of them through aws-lambda-ric ${client.version}, ${rounds} processes each`)
      const through = await throughClient(modules, { entry: client.entry, rounds, env })
      figures.push(...through.figures)
      refused += through.refused
    }
    const aim = { text: '0', holds: refused === 0, decides: true }
    return [...figures, { figure: 'deliveries not answered 200', ours: refused, unit: '', beside: null, aim }]
  } finally {
    await close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** @returns how many deliveries were not answered 200 */
async function oneOfEach(subjects: readonly Subject[], env: Readonly<Record<string, string>>): Promise<number> {
  let refused = 0
  for (const { module, event, expects200, times } of subjects) {
    const { importMs, firstMs, statusCode } = await start(module, event, env)
    if (expects200 && statusCode !== 200) refused += 1
    times.push({ importMs, wholeMs: importMs + firstMs })
  }
  return refused
}

function figuresOf(names: readonly FunctionName[], subjects: readonly Subject[]): Figure[] {
  const of = (name: string, part: 'importMs' | 'wholeMs') =>
    median(subjects.find((subject) => subject.name === name)?.times.map((times) => times[part]) ?? [])
  const figure = (
    what: string,
    [name, part]: [string, 'importMs' | 'wholeMs'],
    beside: [string, string] | null,
    most: number | null,
  ): Figure => {
    const ours = of(name, part)
    const value = beside === null ? Number.NaN : of(beside[0], part)
    const aim = most === null ? null : { text: `≤ ${most} ×`, holds: ours <= most * value, decides: false }
    return { figure: what, ours, unit: 'ms', beside: beside === null ? null : { what: beside[1], value }, aim }
  }
  return names.flatMap((name) => [
    figure(`${name}: import`, [name, 'importMs'], [`${name}, SDK`, 'its SDK clients alone'], 1.25),
    figure(`${name}: import`, [name, 'importMs'], ['empty', 'an empty handler'], null),
    ...(name === 'verifier'
      ? [
          figure(
            'verifier: import, first delivery',
            [name, 'wholeMs'],
            ['same calls', 'the same two calls alone'],
            1.25,
          ),
        ]
      : []),
    ...(WITH_EMPTY_BATCH.includes(name)
      ? [figure(`${name}: import, an empty batch`, [name, 'wholeMs'], null, null)]
      : []),
    ...(name === 'verifier' || name === 'consumer'
      ? [figure(`${name}: import`, [name, 'importMs'], [`${name}, unbundled`, 'unbundled, from its sources'], null)]
      : []),
  ])
}
