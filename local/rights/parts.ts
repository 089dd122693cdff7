import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ENV } from '../../core/platform/env-names.ts'
import { CONSUMER_SETTINGS, SYNC_SETTINGS } from '../check/settings.ts'
import { type FakeClickUp, startFakeClickUp } from '../clickup/server.ts'
import { type ModelServer, startModelServer } from '../model/server.ts'
import { type LocalSystem, startLocal } from '../start/system.ts'
import { openBedrockDoor } from './bedrock-door.ts'
import { type Places, writeConfig } from './config.ts'
import { withoutDelay } from './queues.ts'
import { createWatch, type Watch } from './watch.ts'
import { placesIn } from './workspace.ts'

/** How far time is pressed together: see `SYNC_SETTINGS`. */
export const LATE_MS = 200
const SYNC = { lateMs: LATE_MS, settleEveryMs: 50, explainForMs: 0 }
const SIGNING_CACHE = { lifeMs: 500, refreshEveryMs: 500, lingerMs: 500 }
const OVERLAP_MS = 200

/** The real parts that a stage is made of: the template's stack, ClickUp, a model, and what watches them. */
export type Parts = { system: LocalSystem; clickup: FakeClickUp; model: ModelServer; watch: Watch; places: Places }
/** What is closed in the end, the last first. */
export type Closers = (() => Promise<unknown> | unknown)[]

/** Starts them all, with nobody who polls the queues; what has been started is among the closers even when the next fails. */
export async function startParts(seed: number, onStep: (step: string) => void, closers: Closers): Promise<Parts> {
  const directory = mkdtempSync(join(tmpdir(), 'hookline-rights-'))
  closers.push(() => rmSync(directory, { recursive: true, force: true }))
  const model = await startModelServer({ seed })
  closers.push(model.close)
  const door = await openBedrockDoor(model.url)
  closers.push(door.close)
  const clickup = await startFakeClickUp({ seed, plan: 'Enterprise', mostInAList: 5 })
  closers.push(clickup.close)
  const places = placesIn(clickup)
  const watch = createWatch()
  const system = await startLocal({
    ...{ seed, configPath: writeConfig(directory, places), maxProcesses: 1 },
    clickup: { url: clickup.url, token: clickup.tokens.service },
    outside: {
      [ENV.clickupStatusUrl]: clickup.statusUrl,
      [ENV.modelUrl]: door.url,
      [ENV.standupSettleMs]: '0',
      [ENV.syncSettings]: JSON.stringify({ ...SYNC_SETTINGS, ...SYNC }),
      [ENV.settings]: JSON.stringify(CONSUMER_SETTINGS),
      [ENV.signingCache]: JSON.stringify(SIGNING_CACHE),
      [ENV.rotationSettings]: JSON.stringify({ overlapMs: OVERLAP_MS }),
    },
    onLog: watch.onLog,
    onStep,
  })
  closers.push(system.close)
  const { gateway, stack, details } = system
  door.guardedBy(gateway)
  watch.listenTo(gateway)
  await stack.pausePollers()
  gateway.intercept(withoutDelay([details.queues.jobs, details.queues.guard]))
  return { system, clickup, model, watch, places }
}
