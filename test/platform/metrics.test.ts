import { describe, expect, it } from 'vitest'
import { createMetrics, METRICS } from '../../core/platform/metrics.ts'
import { linesOf } from './output.ts'

describe('metrics', () => {
  it('are at most 40 over the whole project', () => {
    expect(Object.keys(METRICS).length).toBeLessThanOrEqual(40)
  })

  it('are one line in the embedded metric format, with the project and the stage and no other dimension', async () => {
    const metrics = createMetrics('dev')
    const lines = await linesOf(() => {
      metrics.count('DeliveriesAccepted')
      metrics.count('DeliveriesRefused', 3)
      metrics.milliseconds('AcknowledgeMs', 4)
      metrics.milliseconds('AcknowledgeMs', 6)
      metrics.flush()
    })
    expect(lines).toHaveLength(1)
    const { _aws, ...values } = JSON.parse(lines[0] ?? '')
    expect(values).toEqual({
      service: 'hookline',
      stage: 'dev',
      DeliveriesAccepted: 1,
      DeliveriesRefused: 3,
      AcknowledgeMs: [4, 6],
    })
    expect(_aws.CloudWatchMetrics).toEqual([
      {
        Namespace: 'Hookline',
        Dimensions: [expect.toSatisfy((names) => [...names].sort().join() === 'service,stage')],
        Metrics: [
          { Name: 'DeliveriesAccepted', Unit: 'Count' },
          { Name: 'DeliveriesRefused', Unit: 'Count' },
          { Name: 'AcknowledgeMs', Unit: 'Milliseconds' },
        ],
      },
    ])
  })

  it('are written once, and nothing is written when there are none', async () => {
    const metrics = createMetrics('dev')
    metrics.count('DeliveriesAccepted')
    expect(await linesOf(() => metrics.flush())).toHaveLength(1)
    expect(await linesOf(() => metrics.flush())).toEqual([])
  })

  it('are never a reason to fail', async () => {
    const metrics = createMetrics('dev')
    const lines = await linesOf(() => {
      metrics.count('ApiCalls', Number.NaN)
      metrics.milliseconds('EndToEndMs', Number.POSITIVE_INFINITY)
      metrics.milliseconds('DeliveryAgeMs', -5)
      metrics.percent('BudgetRemainingPercent', 105)
      metrics.flush()
    })
    expect(lines.map((line) => Object.keys(JSON.parse(line)).sort())).toEqual([
      ['BudgetRemainingPercent', 'DeliveryAgeMs', '_aws', 'service', 'stage'],
    ])
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ DeliveryAgeMs: 0, BudgetRemainingPercent: 100 })
  })
})
