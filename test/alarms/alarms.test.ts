import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ALARMS } from '../../infra/alarms/index.ts'
import { alarmName } from '../../infra/alarms/names.ts'
import type { Datum } from '../../local/aws/cloudwatch/metric.ts'
import { until } from '../../local/start/until.ts'
import { API } from './scenes/api.ts'
import { CONSUMER } from './scenes/consumer.ts'
import { INTAKE } from './scenes/intake.ts'
import { SECRETS } from './scenes/secrets.ts'
import { STANDUP } from './scenes/standup.ts'
import { SYNC } from './scenes/sync.ts'
import { TABLES } from './scenes/tables.ts'
import { WATCHING } from './scenes/watching.ts'
import { WEBHOOKS } from './scenes/webhooks.ts'
import { stateOver } from './support/lay.ts'
import { openStage, type Scene, type Stage } from './support/stage.ts'

const SCENES: Readonly<Record<string, Scene>> = {
  ...{ ...INTAKE, ...WEBHOOKS, ...CONSUMER, ...API, ...SYNC, ...STANDUP, ...SECRETS, ...TABLES, ...WATCHING },
}

/** Something of each is there when all is well, so that an alarm that stays quiet then has looked at something. */
const COUNTED_WHEN_WELL = [
  ...[
    'DeliveriesAccepted',
    'AcknowledgeMs',
    'MessagesReceived',
    'ChangesPublished',
    'DeliveryAgeMs',
    'ApiCalls',
    'ApiMs',
  ],
  ...['BudgetRemainingPercent', 'SweepsCompleted', 'SweepRepairsUnusual', 'TokenAgeMs', 'WatermarkAgeMs', 'QuietMs'],
  ...[
    'WebhooksBroken',
    'ModelFailuresInARow',
    'WebhookFailCount',
    'ClickUpIncident',
    'Paused',
    'Errors',
    'ApproximateNumberOfMessagesVisible',
  ],
]

let stage: Stage
let well: readonly Datum[]

beforeAll(async () => {
  stage = await openStage()
  await stage.driver.backfill()
  using recording = stage.record()
  await stage.deliver(10)
  await stage.driver.drained()
  await stage.driver.guardOnce()
  await stage.driver.sweep()
  await stage.driver.census()
  await stage.pulse()
  await stage.tell('daily')
  await stage.stack.lookAtAlarms()
  const missing = () => COUNTED_WHEN_WELL.filter((name) => !recording.data.some((datum) => datum.name === name))
  await until(() => (missing().length === 0 ? true : undefined), {
    what: 'every metric to be there',
    deadlineMs: 20_000,
  }).catch(() => expect(missing()).toEqual([]))
  well = recording.data
}, 180_000)
afterEach(() => stage.heal())
afterAll(() => stage?.close())

/** As the synthesized template has it. */
function alarmOf(row: string) {
  const name = alarmName(stage.system.configured.stage, row)
  const found = stage.gateway.cloudwatch.alarms().find(({ alarm }) => alarm.name === name)
  if (found === undefined) throw new Error(`The template has no alarm ${name}`)
  return found.alarm
}

test('every alarm has a scene, and every scene an alarm', () => {
  expect(Object.keys(SCENES).sort()).toEqual(ALARMS.map(({ name }) => name).sort())
})

describe('goes off by the fault that it is for, and is quiet without', () => {
  test.each(ALARMS.map(({ name }) => name))(
    '%s',
    async (name) => {
      const alarm = alarmOf(name)
      expect(stateOver(alarm, well, 'INSUFFICIENT_DATA')).toBe('OK')

      using recording = stage.record()
      await SCENES[name]?.(stage)
      // What a function has printed arrives a moment after its answer.
      const state = () => stateOver(alarm, recording.data)
      await until(() => (state() === 'ALARM' ? true : undefined), {
        what: name,
        deadlineMs: 20_000,
        everyMs: 50,
      }).catch(() => expect(state(), `${name} over ${summary(recording.data)}`).toBe('ALARM'))
    },
    60_000,
  )
})

/** What was counted, for whoever has to find out why an alarm is quiet. */
const summary = (data: readonly Datum[]) =>
  Object.entries(Object.groupBy(data, ({ name }) => name))
    .map(([name, each = []]) => `${name} ${each.flatMap(({ values }) => values.map(({ value }) => value)).slice(-20)}`)
    .join('; ')
