import type { Given, Play, Subject } from '../subject.ts'
import { MINUTE, SECOND, smallWorkspace } from './sync-stage.ts'
import { lock } from './webhook-breaks.ts'
import { everydayLife, VERIFIERS, watchWebhooks, webhookPlay } from './webhook-stage.ts'

const BEGINS = 5 * MINUTE
/** The guard goes on with what it has begun within a minute. */
const DISTURBED_UNTIL = BEGINS + 2 * MINUTE
const LIFE_UNTIL = 25 * MINUTE

const CONTAINERS = ['guard ']

function play(given: Given, hasWebhook: boolean, act: (stage: ReturnType<typeof smallWorkspace>) => void): Play {
  const watch = watchWebhooks(given.variation ?? {}, 1)
  const stage = smallWorkspace({ ...given, variation: watch.variation }, { hasWebhook, verifiers: VERIFIERS })
  everydayLife(stage, LIFE_UNTIL, [BEGINS, BEGINS + MINUTE])
  act(stage)
  const times = { from: BEGINS, until: DISTURBED_UNTIL, lifeUntil: LIFE_UNTIL }
  return webhookPlay(stage, times, watch, () => ({}))
}

/** The connection was made, and the guard makes its first webhook. */
export const guardFirst: Subject = {
  name: 'guard-first',
  title: 'the guard makes the first webhook',
  containers: CONTAINERS,
  breaks: { lock: { variation: lock } },
  play: (given) => play(given, false, () => undefined),
}

/** ClickUp has suspended the webhook. */
export const guardMends: Subject = {
  name: 'guard-mends',
  title: 'the guard mends a suspended webhook',
  containers: CONTAINERS,
  breaks: { lock: { variation: lock } },
  play: (given) =>
    play(given, true, ({ run, at }) =>
      at(2 * MINUTE, () => {
        for (const webhook of run.clickup.webhooks.all()) run.clickup.webhooks.suspend(webhook)
      }),
    ),
}

/** A sweep has found that an active webhook delivers nothing. */
export const guardReplaces: Subject = {
  name: 'guard-replaces',
  title: 'the guard replaces a webhook that has fallen silent',
  containers: CONTAINERS,
  breaks: { lock: { variation: lock } },
  play: (given) =>
    play(given, true, ({ run, at }) => {
      at(2 * MINUTE, () => {
        run.clickup.faults.silentWebhooks = [...run.clickup.webhooks.all()].map(({ id }) => id)
      })
      at(BEGINS - SECOND, () => run.guard.send({ job: 'guard', reason: 'silent' }))
    }),
}
