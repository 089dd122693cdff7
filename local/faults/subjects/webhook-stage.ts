import * as z from 'zod'
import { EVENT_NAMES } from '../../../core/clickup/event-names.ts'
import { slotSchema } from '../../../core/platform/connections.ts'
import type { Fetch } from '../../../core/upstream/exchange.ts'
import { SCHEDULES } from '../../../infra/timing.ts'
import { expectedOf } from '../../start/expected.ts'
import { sweptChanges, unaccounted, undeliveredChanges } from '../../virtual/accounted.ts'
import type { Machine } from '../../virtual/run.ts'
import type { Variation } from '../../virtual/variation.ts'
import type { Outcome, Play } from '../subject.ts'
import { doublesIn, wrongSnapshots } from './facts.ts'
import { gapsOf } from './gaps.ts'
import { MINUTE, SECOND, type SmallWorkspace } from './sync-stage.ts'

/** Two verifiers, because each has a cache of its own: what one knows the other may not. */
export const VERIFIERS = 2

const CHANGE_EVERY = 150 * SECOND
/** A delivery may come ten minutes late, so what was lost at the end shows only then. */
const sweepsAfter = (ms: number) => [12 * MINUTE, (12 + SCHEDULES.sweepMinutes) * MINUTE].map((later) => ms + later)

/**
 * People at work and the guard every five minutes until a time, then two sweeps. Those that come meanwhile are the guard's own
 * wish, and have nothing else to find.
 * @param dense times from which they work faster, for a minute each
 */
export function everydayLife(
  { run, task, at, nextStatus }: SmallWorkspace,
  until: number,
  dense: readonly number[] = [],
): void {
  const { guardMinutes, sweepMinutes } = SCHEDULES
  let count = 0
  const change = () => nextStatus(task(count++ % 6))
  for (let ms = SECOND; ms < until; ms += CHANGE_EVERY) at(ms, change)
  for (const from of dense) for (let ms = 0; ms < MINUTE; ms += 7 * SECOND) at(from + ms, change)
  for (let ms = guardMinutes * MINUTE; ms <= until; ms += guardMinutes * MINUTE)
    at(ms, () => run.guard.send({ job: 'guard', reason: 'schedule', everyMinutes: guardMinutes }))
  for (const ms of sweepsAfter(until))
    at(ms, () => run.sync.send({ job: 'sweep', reason: 'schedule', everyMinutes: sweepMinutes }))
}

const stateSchema = z.looseObject({
  lock: z.looseObject({}).nullable(),
  intent: z.looseObject({}).nullable(),
  rotation: z.looseObject({}).nullable(),
  report: z.looseObject({ verdict: z.string() }).nullable(),
})

/** What is not as it should be of the webhooks when all is at rest, one sentence each. */
function unsound(run: Machine): string[] {
  const stored = stateSchema.safeParse(run.state('webhooks')).data
  const begun = [stored?.lock && 'a lock', stored?.intent && 'an intent', stored?.rotation && 'a rotation']
  const [webhook, ...others] = run.clickup.webhooks.all()
  const verdict = stored?.report?.verdict ?? 'none'
  const open = gapsOf(run).filter(({ isOver, isSwept }) => !isOver || !isSwept)
  return [
    ...(webhook === undefined ? ['There is no webhook'] : wrongOf(run, webhook)),
    ...(others.length > 0 ? [`There are ${others.length} webhooks too many`] : []),
    ...begun.flatMap((what) => (what ? [`There is ${what} left`] : [])),
    ...(verdict === 'well' ? [] : [`The guard's verdict is ${verdict}`]),
    ...open.map(({ cause }) => `A gap is left open: ${cause}`),
    ...(run.guard.failed + run.sync.failed > 0 ? ['Jobs have failed for good'] : []),
  ]
}

type Webhook = ReturnType<Machine['clickup']['webhooks']['ofUser']>[number]

function wrongOf(run: Machine, webhook: Webhook): string[] {
  const { slots } = run.signing()
  const slot = slotOf(webhook)
  const stored = slots[slot]
  const isKnown = stored?.webhookId === webhook.id && stored.secret === webhook.secret && stored.state === 'active'
  return [
    ...(webhook.status === 'active' ? [] : [`The webhook is ${webhook.status}`]),
    ...(webhook.events.size === EVENT_NAMES.length ? [] : ['The webhook does not hear of every event']),
    ...(isKnown ? [] : ['The signing secret does not hold the webhook as active']),
    ...(Object.values(slots).length === 1 ? [] : ['The signing secret holds more than one webhook']),
  ]
}

const slotOf = ({ endpoint }: Webhook) => slotSchema.parse(endpoint.at(-1))

type Watch = { readonly variation: Variation; of(run: Machine): () => readonly string[] }

/**
 * Looks after every call of whatever changes webhooks or their keys whether what ClickUp would deliver now is known by its key, and
 * how many webhooks there are.
 */
export function watchWebhooks({ through, fetch, ...given }: Variation, most: number): Watch {
  const breaches = new Set<string>()
  let machine: Machine | null = null

  function look(): void {
    if (machine === null) return
    const webhooks = [...machine.clickup.webhooks.all()]
    if (webhooks.length > most) breaches.add(`There were ${webhooks.length} webhooks at once`)
    const { slots } = machine.signing()
    for (const webhook of webhooks.filter(delivers)) {
      const stored = slots[slotOf(webhook)]
      if (stored?.webhookId !== webhook.id || stored.secret !== webhook.secret)
        breaches.add('A webhook delivered whose key was in no slot')
    }
  }
  const isOfWebhooks = (container: string) => container.startsWith('guard') || container.startsWith('rotate')

  return {
    variation: {
      ...given,
      through: (call, next, container) => {
        const last: typeof next = async (each) => {
          const output = await next(each)
          if (isOfWebhooks(container.label) && each.service === 'SecretsManager') look()
          return output
        }
        return through?.(call, last, container) ?? last(call)
      },
      fetch: (asked, container) => {
        const last: Fetch = async (url, init) => {
          const response = await asked(url, init)
          if (isOfWebhooks(container)) look()
          return response
        }
        return fetch?.(last, container) ?? last
      },
    },
    of(run) {
      machine = run
      return () => {
        const refused = run.metric('DeliveriesRefused')
        return [...breaches, ...(refused > 0 ? [`${refused} deliveries were refused`] : [])]
      }
    },
  }
}

const delivers = ({ events, status }: Webhook) => events.size === EVENT_NAMES.length && status !== 'suspended'

/** What has become of the changes: none is lost, twice there or made up. */
export function changesOutcome(run: Machine): Outcome {
  const { clickup } = run
  const { ids } = expectedOf(clickup.log.changes().filter(({ resource }) => resource.kind === 'task'))
  const published = new Set(run.published.map(({ changeId }) => changeId))
  return {
    neverPublished: [...ids.keys()].filter((id) => !published.has(id)),
    doubles: [...doublesIn(run), ...sweptChanges(run, undeliveredChanges(run)).unexplained.map(({ id }) => id)],
    wrongSnapshots: wrongSnapshots(run, clickup.taskIds),
    unaccounted: unaccounted(run, clickup.taskIds, Number.POSITIVE_INFINITY),
    unsound: unsound(run),
  }
}

/** A play that is over when everyday life is and nothing is left to be done. */
export function webhookPlay(
  { run }: SmallWorkspace,
  times: { from: number; until: number; lifeUntil: number },
  watch: Watch,
  outcome: () => Outcome,
): Play {
  const { startedAt, time, sync, guard, queue, invocations, clickup, rotations } = run
  const lastAct = startedAt + Math.max(...sweepsAfter(times.lifeUntil))
  return {
    run,
    disturbedFrom: startedAt + times.from,
    disturbedUntil: startedAt + times.until,
    longestUntil: lastAct + 60 * MINUTE,
    isAtRest() {
      if (time.now() <= lastAct) return false
      const jobs = sync.open() + guard.open() + rotations.signing.running() + rotations.token.running()
      return jobs + queue.open() + invocations.running + clickup.undelivered() === 0
    },
    outcome: () => ({ ...changesOutcome(run), ...outcome() }),
    breaches: watch.of(run),
  }
}
