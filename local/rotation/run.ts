import { fileURLToPath } from 'node:url'
import { CURRENT, holderOf } from '../../core/secrets/versions.ts'
import { compare } from '../check/compare.ts'
import { createDriver } from '../check/drive.ts'
import { filteredText } from '../check/filtered.ts'
import { createPeople } from '../check/people.ts'
import { createWitness } from '../check/witness.ts'
import { createRandom } from '../clickup/random.ts'
import { quiet } from '../start/quiet.ts'
import { depthOf, subscribe } from '../start/subscriber.ts'
import { startLocal } from '../start/system.ts'
import { brokenEnvironment, freezeCache } from './breaks.ts'
import { judge } from './judge.ts'
import { createOperator } from './operator.ts'
import type { RotationOptions } from './options.ts'
import { faultsText, isFaultless, jsonLine, readable } from './report.ts'
import { environmentOf, type Scale, waysOf } from './settings.ts'
import { settle } from './settle.ts'
import { underLoad } from './under-load.ts'
import { watchWebhooks } from './webhooks-seen.ts'

type Output = { write(text: string): unknown }

const LOG_FILE = fileURLToPath(new URL('../../.hookline/rotation.log', import.meta.url))

/** ClickUp as it is on an ordinary day: some deliveries come twice, some overtake others. */
const FAULTS = { latencyMs: { min: 1, max: 5 }, reorderingMs: 100, duplicates: 0.02 }

/** Runs the check to its end. @returns the exit status @throws StackError, ConnectError, GaveUp */
export async function runCheck(
  { seed, minutes, json, breaks }: RotationOptions,
  scale: Scale,
  { stdout, stderr }: { stdout: Output; stderr: Output },
): Promise<number> {
  const begun = performance.now()
  const spent = () => performance.now() - begun
  const seconds = () => Math.round(spent() / 1_000)
  const note = (line: string) => json || stderr.write(`${String(seconds()).padStart(4)} s  ${line} ...\n`)
  if (breaks !== null) note(`Broken on purpose: ${breaks}`)
  const system = await startLocal({
    seed,
    plan: 'Enterprise',
    faults: FAULTS,
    mostInAList: scale.mostInAList,
    logFile: LOG_FILE,
    outside: { ...environmentOf(scale), ...brokenEnvironment(breaks) },
    onStep: note,
  })
  try {
    const { clickup, clients, details, connected, configured, stack, gateway } = system
    if (clickup === null) throw new Error('Only the fake ClickUp has a log to compare with')
    const filtered = filteredText(configured)
    if (filtered !== null) {
      stderr.write(`${filtered}\n`)
      return 1
    }
    const subscriber = await subscribe(clients, { name: 'hookline-rotation', busName: details.busName })
    const witness = createWitness(clickup)
    const driver = createDriver(system, clickup)
    const people = createPeople(clickup.world, createRandom(seed).fork('people'), witness, PEOPLE)
    const operator = createOperator(system)
    const { apiUrl, connection } = details
    const watch = watchWebhooks(clickup, { apiUrl, connection }, () => clickup.world.now())
    const since = clickup.log.next()
    if (breaks === 'cache') {
      const version = holderOf(await operator.labels(), CURRENT) ?? ''
      freezeCache(gateway, stack, { secretId: operator.secretName, version })
    }
    note('Reading what there is')
    await driver.backfill()
    note('Delivering')
    const ways = waysOf(scale, seed)
    const played = await underLoad({
      ...{ clickup, stack, driver, people, operator, watch, scale, seed, ways, breaksOverlap: breaks === 'overlap' },
      leftMs: () => minutes * 60_000 - spent(),
      queued: () => depthOf(clients.sqs, details.queues.deliveries),
      onStage: note,
    })
    note('Working off what was queued')
    const loadedAt = spent()
    await settle({ clickup, driver, people, scale, onDrained: () => note('Sweeping') })
    const drainSeconds = Math.round((spent() - loadedAt) / 1_000)
    await quiet(subscriber)
    note('Comparing')
    const compared = await compare(
      { system, clickup, witness, userId: Number(connected.user.id) },
      subscriber.arrivals(),
    )
    const judged = await judge({ system, clickup, operator, watch, played, compared, ways, since })
    const report = { ...judged, seed, drainSeconds, seconds: seconds() }
    if (!json) for (const line of readable(report)) stderr.write(`${line}\n`)
    for (const line of faultsText(report)) stderr.write(`${line}\n`)
    stdout.write(`${jsonLine(report)}\n`)
    await subscriber.close()
    return isFaultless(report) ? 0 : 1
  } finally {
    await system.close()
  }
}

/**
 * No two acts share a millisecond. Tasks are neither made nor moved, or hardly: what a sweep says of a task that was lost before it was
 * first read is asked elsewhere, and a move is a hint about a space, of which one is looked at after the other, seconds apart.
 */
const PEOPLE = { everyMs: 1, mix: { newTask: 0, move: 1 } }
