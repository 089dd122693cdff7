import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { MODEL_METRICS } from '../../core/platform/metrics.ts'
import { ALARMS } from '../../infra/alarms/index.ts'
import { QUERIES, savedAs } from '../../infra/queries/index.ts'
import { WITH_STANDUP, WITHOUT_MODEL } from './support/standup.ts'
import { find, ofType, only, type Synth, synth, text } from './support/template.ts'

let built: Synth
beforeAll(() => {
  built = synth(WITH_STANDUP)
})
afterAll(() => built.remove())

describe('who watches', () => {
  const named = (one: Synth) =>
    ofType(one.service, 'AWS::CloudWatch::Alarm').map(({ Properties }) => z.string().parse(Properties['AlarmName']))
  const alarmNames = (needs: readonly (string | undefined)[]) =>
    ALARMS.filter((row) => needs.includes(row.needs)).map(({ name }) => `hookline-prod-${name}`)

  it('has alarms for the model only where there is one', () => {
    const without = synth(WITHOUT_MODEL)
    try {
      expect(named(built).sort()).toEqual(alarmNames([undefined, 'standup', 'model']).sort())
      expect(named(without).sort()).toEqual(alarmNames([undefined, 'standup']).sort())
      const { DashboardBody } = only(without.service, 'AWS::CloudWatch::Dashboard').Properties
      const body = text(DashboardBody, without.data)
      expect(body).toContain('npx hookline standup')
      for (const metric of MODEL_METRICS) expect(body).not.toContain(metric)
    } finally {
      without.remove()
    }
  })

  it('sees tokens, cost and failures of the model, and what failed for good', () => {
    const body = text(only(built.service, 'AWS::CloudWatch::Dashboard').Properties['DashboardBody'], built.data)
    const failed = find(built.service, 'AWS::SQS::Queue', ({ id }) => id.startsWith('StandupJobsFailed'))
    for (const metric of MODEL_METRICS) expect(body).toContain(`"${metric}"`)
    expect(body).toContain('SummariesFailing (P2)')
    expect(body).toContain('StandupFailed (P2)')
    expect(body).toContain(`\${${failed.id}.QueueName}`)
  })

  it('has every saved query', () => {
    const saved = ofType(built.service, 'AWS::Logs::QueryDefinition').map(({ Properties }) => Properties['Name'])
    expect(saved).toEqual(QUERIES.map(({ name }) => savedAs('prod', name)))
  })
})
