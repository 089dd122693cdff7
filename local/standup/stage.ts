import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ENV } from '../../core/platform/env-names.ts'
import type { SummaryCreated } from '../../core/publish/notice.ts'
import { createDriver } from '../check/drive.ts'
import { CONSUMER_SETTINGS, SYNC_SETTINGS } from '../check/settings.ts'
import { createRandom } from '../clickup/random.ts'
import { type FakeClickUp, startFakeClickUp } from '../clickup/server.ts'
import { inApp } from '../clickup/world/mutation.ts'
import { type ModelServer, startModelServer } from '../model/server.ts'
import { quiet } from '../start/quiet.ts'
import { subscribe } from '../start/subscriber.ts'
import { type LocalSystem, startLocal } from '../start/system.ts'
import { type Recorder, startRecorder } from './asked.ts'
import { beginningOf, RECIPE, writeConfig } from './config.ts'
import { type DayTruth, dayOf } from './day.ts'
import type { Planted } from './plant.ts'
import { playDay } from './play.ts'
import { type Prepared, prepare } from './prepared.ts'
import { type Standup, setEnvironment, standupOf } from './redeploy.ts'
import { WORKING } from './working-time.ts'

/** Longer than a try may take (see `config.ts`). */
const SLOW_MS = 4_000

export type Stage = {
  system: LocalSystem
  clickup: FakeClickUp
  model: ModelServer
  recorder: Recorder
  standup: Standup
  prepared: Prepared
  /** Every summary that the bus told of, in the order of arrival. */
  summaries(): readonly SummaryCreated[]
  /** Ids of all changes that the bus told of. */
  changeIds(): ReadonlySet<string>
  /** Lets people work for a day, and waits until all of it is known. */
  day(seed: number, acts: number): Promise<{ planted: readonly Planted[]; truth: DayTruth }>
  close(): Promise<void>
}

/** The whole stack with summaries of the given names, connected with a fake ClickUp whose past it has read. */
export async function startStage(options: {
  seed: number
  summaries: readonly string[]
  /** Tasks of each list of the demo workspace; few make a short beginning. */
  mostInAList?: number
  logFile?: string
  onStep(step: string): void
}): Promise<Stage> {
  const { seed, summaries, onStep } = options
  const closers: (() => Promise<unknown> | unknown)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const clickup = await startFakeClickUp({ seed, plan: 'Enterprise', mostInAList: options.mostInAList ?? 8 })
    closers.push(clickup.close)
    const prepared = prepare(clickup.world, createRandom(seed).fork('prepared'))
    addField(clickup, prepared)
    const model = await startModelServer({ seed, slowMs: SLOW_MS })
    closers.push(model.close)
    const directory = mkdtempSync(join(tmpdir(), 'hookline-standup-'))
    closers.push(() => rmSync(directory, { recursive: true, force: true }))
    const from = beginningOf(Date.now())
    const configPath = writeConfig(directory, { modelUrl: model.openaiUrl, from, summaries, prepared })

    const system = await startLocal({
      ...{ seed, configPath, onStep },
      clickup: { url: clickup.url, token: clickup.tokens.service },
      ...(options.logFile === undefined ? {} : { logFile: options.logFile }),
      outside: {
        [ENV.standupSettleMs]: '0',
        [ENV.clickupStatusUrl]: clickup.statusUrl,
        [ENV.syncSettings]: JSON.stringify(SYNC_SETTINGS),
        [ENV.settings]: JSON.stringify(CONSUMER_SETTINGS),
      },
    })
    closers.push(system.close)
    const recorder = await startRecorder(clickup.url)
    closers.push(recorder.close)
    const standup = standupOf(system.stack)
    setEnvironment(standup, { [ENV.clickupApiUrl]: recorder.url })

    const told: SummaryCreated[] = []
    const subscriber = await subscribe(system.clients, {
      ...{ name: 'hookline-check', busName: system.details.busName },
      onNotice: ({ detailType, detail }) => detailType === 'Summary Created' && told.push(detail),
    })
    closers.push(subscriber.close)
    const driver = createDriver(system, clickup)
    onStep('Reading what there is')
    await driver.backfill()
    await driver.sweep()
    const heardFrom = Date.now()

    return {
      ...{ system, clickup, model, recorder, standup, prepared, close },
      summaries: () => told,
      changeIds: () => new Set(subscriber.arrivals().map(({ event }) => event.changeId)),
      async day(daySeed, acts) {
        const planted = await playDay(clickup, prepared, { seed: daySeed, acts })
        await clickup.idle()
        await driver.drained()
        await quiet(subscriber)
        const lists = prepared.lists.map(({ id }) => id)
        const span = { from, until: Date.now(), heardFrom, timeZone: WORKING.timeZone }
        return { planted, truth: dayOf(clickup, { lists, ...span }) }
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** What the recipe fills. */
function addField({ world }: FakeClickUp, { list, people }: Prepared): void {
  const [owner] = people
  if (owner === undefined) throw new Error('The workspace is empty')
  const place = { kind: 'list', id: list.id } as const
  world.inThePast(world.now() - 86_400_000, () =>
    world.createField(inApp(owner.id), { name: RECIPE.field, type: 'text', place }),
  )
}
