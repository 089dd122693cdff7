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
import { start } from './start.ts'

export const coldStart: Bench = {
  name: 'cold-start',
  title: 'import and first invocation in a fresh Node 24, without its own start; beside the same of the SDK alone',
  breaks: [],
  run,
}

/** A module that is started again and again. `event` null: it is imported, and its handler is not called. */
type Subject = { name: string; module: string; event: unknown; times: { importMs: number; wholeMs: number }[] }

/** Those whose first invocation is measured with ours, as the others would have to be given work. */
const WITH_EMPTY_BATCH: readonly FunctionName[] = ['consumer', 'sync', 'guard']

async function run({ seed, quick, note }: BenchOptions): Promise<readonly Figure[]> {
  const secret = createRandom(seed).text('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 64)
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
    note('through the runtime interface client: not measured, aws-lambda-ric is a native addon and no dependency')
    const names = quick ? (['verifier', 'consumer'] as const) : FUNCTION_NAMES
    const subjects: Subject[] = []
    const add = (name: string, module: string, event: unknown) => subjects.push({ name, module, event, times: [] })
    add('empty', fromSource('empty', EMPTY), {})
    add('same calls', fromSource('same-calls', SAME_CALLS), deliveryEvent(secret))
    for (const name of names) {
      const event =
        name === 'verifier' ? deliveryEvent(secret) : WITH_EMPTY_BATCH.includes(name) ? { Records: [] } : null
      add(name, built(handlerOf(name)), event)
      add(`${name}, SDK`, fromSource(`${name}-sdk`, sdkOnly(name)), {})
      if (name === 'verifier' || name === 'consumer') add(`${name}, unbundled`, handlerOf(name), event)
    }
    const rounds = quick ? 3 : 11
    note(`${subjects.length} modules, ${rounds} processes each`)
    for (let round = 0; round < rounds; round += 1) await oneOfEach(subjects, env)
    return figuresOf(names, subjects)
  } finally {
    await close()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function oneOfEach(subjects: readonly Subject[], env: Readonly<Record<string, string>>): Promise<void> {
  for (const { name, module, event, times } of subjects) {
    const { importMs, firstMs, statusCode } = await start(module, event, env)
    if (name === 'verifier' && statusCode !== 200) throw new Error(`The verifier answered ${statusCode}`)
    times.push({ importMs, wholeMs: importMs + firstMs })
  }
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
