import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { METRICS, MODEL_METRICS } from '../../../core/platform/metrics.ts'
import { metricDimensions } from '../../../core/platform/names.ts'
import { alarmsOf } from '../../../infra/alarms/index.ts'
import { alarmName } from '../../../infra/alarms/names.ts'
import { COLUMNS } from '../../../infra/dashboard/widget.ts'
import { ofType, only, type Synth, synth, text } from '../support/template.ts'

const widgetSchema = z.object({
  type: z.enum(['metric', 'text', 'alarm']),
  x: z.int().min(0),
  y: z.int().min(0),
  width: z.int().min(1),
  height: z.int().min(1),
  properties: z.looseObject({
    title: z.string().optional(),
    region: z.string().optional(),
    alarms: z.string().array().optional(),
    metrics: z.array(z.array(z.union([z.string(), z.looseObject({})]))).optional(),
    annotations: z
      .object({ horizontal: z.array(z.object({ label: z.string(), value: z.number(), color: z.string() })) })
      .optional(),
  }),
})
const bodySchema = z.object({ start: z.string(), widgets: z.array(widgetSchema) })
type Body = z.infer<typeof bodySchema>

/** What AWS publishes by itself and a graph may show, with what its dimension names. */
const OF_AWS: Record<string, { dimension: string; type: string; metrics: readonly string[] }> = {
  'AWS/ApiGateway': { dimension: 'ApiId', type: 'AWS::ApiGatewayV2::Api', metrics: ['Count', '4xx', '5xx'] },
  'AWS/SQS': {
    dimension: 'QueueName',
    type: 'AWS::SQS::Queue',
    metrics: ['ApproximateNumberOfMessagesVisible', 'ApproximateNumberOfMessagesDelayed'],
  },
  'AWS/Lambda': { dimension: 'FunctionName', type: 'AWS::Lambda::Function', metrics: ['Errors', 'Duration'] },
  'AWS/DynamoDB': {
    dimension: 'TableName',
    type: 'AWS::DynamoDB::Table',
    metrics: ['ConsumedWriteCapacityUnits'],
  },
  'AWS/Logs': { dimension: 'LogGroupName', type: 'AWS::Logs::LogGroup', metrics: ['IncomingBytes'] },
}

let built: Synth
let body: Body
const bodyOf = (one: Synth) => {
  const { DashboardBody } = only(one.service, 'AWS::CloudWatch::Dashboard').Properties
  return bodySchema.parse(JSON.parse(text(DashboardBody, one.data)))
}
beforeAll(() => {
  built = synth({ alarms: { thresholds: { AcknowledgeSlow: 700 } } })
  body = bodyOf(built)
})
afterAll(() => built.remove())

const metricsOf = ({ widgets }: Body) => widgets.flatMap(({ properties }) => properties.metrics ?? [])

it('is one, named for the stage, and begins half a day ago', () => {
  expect(only(built.service, 'AWS::CloudWatch::Dashboard').Properties).toMatchObject({ DashboardName: 'hookline-prod' })
  expect(body.start).toBe('-PT12H')
})

describe('what it shows', () => {
  it('is counted by us, with our dimensions and none else', () => {
    const ours = metricsOf(body).filter(([namespace]) => namespace === 'Hookline')
    expect(ours.length).toBeGreaterThan(25)
    const dimensions = Object.entries(metricDimensions('prod')).flat()
    for (const [, name, ...rest] of ours) {
      expect(Object.keys(METRICS)).toContain(name)
      expect(rest.slice(0, -1)).toEqual(dimensions)
    }
  })

  it('or by AWS, of a resource that is there', () => {
    const known = (type: string) =>
      [...ofType(built.service, type), ...ofType(built.data, type)].map(({ id, Properties }) => ({ id, Properties }))
    const theirs = metricsOf(body).filter(([namespace]) => typeof namespace === 'string' && namespace !== 'Hookline')
    expect(theirs.length).toBeGreaterThan(15)
    for (const [namespace, metric, dimension, value] of theirs) {
      const of = OF_AWS[z.string().parse(namespace)]
      expect(of?.metrics).toContain(metric)
      expect(dimension).toBe(of?.dimension)
      // A reference to it, or its name.
      const ids = known(of?.type ?? '').flatMap(({ id, Properties }) => [
        ...['', '.QueueName'].map((attribute) => `\${${id}${attribute}}`),
        Properties['FunctionName'],
        Properties['LogGroupName'],
      ])
      expect(ids).toContain(value)
    }
  })

  it('has every metric that tells of the way of a change', () => {
    const shown = new Set(metricsOf(body).map(([, name]) => name))
    const hidden = Object.keys(METRICS).filter((name) => !shown.has(name))
    // The first is a part of what is shown, and the others are of stages with a model.
    expect(hidden).toEqual(['RefusedSignature', ...MODEL_METRICS])
  })

  it('names no metric twice in one graph, and expressions by ids that are there', () => {
    for (const { properties } of body.widgets) {
      const metrics = properties.metrics ?? []
      const looks = metrics.map((one) => z.looseObject({ stat: z.string().optional() }).parse(one.at(-1)))
      const names = metrics.map((one, i) =>
        JSON.stringify([one.slice(0, -1), looks[i]?.stat, looks[i]?.['expression']]),
      )
      expect(new Set(names).size).toBe(names.length)
      const ids = looks.flatMap(({ id }) => (typeof id === 'string' ? [id] : []))
      expect(new Set(ids).size).toBe(ids.length)
      for (const { expression } of looks) {
        if (typeof expression !== 'string') continue
        const [used = ''] = expression.match(/^[a-z]+\d+/) ?? []
        expect(ids).toContain(used)
      }
    }
  })

  it('lists the state of every alarm', () => {
    const [alarms] = body.widgets.filter(({ type }) => type === 'alarm')
    const names = alarmsOf(new Set()).map(({ name }) => alarmName('prod', name))
    expect(alarms?.properties.alarms?.map((arn) => arn.split(':').at(-1))).toEqual(names)
  })

  it('draws the thresholds of alarms, as the config has them', () => {
    const lines = body.widgets.flatMap(({ properties }) => properties.annotations?.horizontal ?? [])
    const values = new Map(lines.map(({ label, value }) => [label, value]))
    expect(values.get('AcknowledgeSlow (P2)')).toBe(700)
    expect(values.get('AcknowledgeTooSlow (P1)')).toBe(3000)
    expect(values.get('QuarantineNotEmpty (P1)')).toBe(1)
    expect(values.get('WatermarkOld (P2)')).toBe(1_800_000)
    expect(values.get('DeliveriesLate (P2)')).toBe(300_000)
    // What is true of one queue is no line across the graph of another.
    const drawnIn = (label: string) =>
      body.widgets.filter(({ properties }) => properties.annotations?.horizontal?.some((line) => line.label === label))
    expect(drawnIn('QuarantineNotEmpty (P1)').map(({ properties }) => properties.title)).toEqual(['Quarantine'])
    // One in ten minutes is one.
    expect(values.get('TokenDead (P1)')).toBe(1)
    // Of an alarm on sums over a minute: no line of a graph with points every five minutes.
    expect([...values.keys()].filter((label) => label.startsWith('RateLimited'))).toEqual([])
    expect(lines.every(({ label }) => alarmsOf(new Set()).some(({ name }) => label.startsWith(name)))).toBe(true)
  })
})

describe('the layout', () => {
  it('fits and overlaps nowhere', () => {
    const taken = new Set<string>()
    for (const { x, y, width, height } of body.widgets) {
      expect(x + width).toBeLessThanOrEqual(COLUMNS)
      for (let column = x; column < x + width; column++)
        for (let row = y; row < y + height; row++) {
          expect(taken).not.toContain(`${column} ${row}`)
          taken.add(`${column} ${row}`)
        }
    }
    // And leaves no hole.
    const rows = Math.max(...body.widgets.map(({ y, height }) => y + height))
    expect(taken.size).toBe(rows * COLUMNS)
  })

  it('tells the way of a change from left to right', () => {
    const way = body.widgets
      .filter(({ properties }) => /^\d /.test(properties.title ?? ''))
      .sort((a, b) => a.x - b.x)
      .map(({ properties, y }) => [properties.title, y])
    const [, y] = way[0] ?? []
    expect(way).toEqual(
      ['1 delivered ▶', '2 accepted ▶', '3 queued ▶', '4 received ▶', '5 expanded ▶', '6 published'].map((title) => [
        title,
        y,
      ]),
    )
  })
})

it('has no token that CloudFormation could not resolve, and fits what CloudWatch takes', () => {
  const { DashboardBody } = only(built.service, 'AWS::CloudWatch::Dashboard').Properties
  expect(JSON.stringify(DashboardBody)).not.toMatch(/\$\{Token\[/)
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html: 500 metrics a widget, 2,500 a dashboard.
  expect(metricsOf(body).length).toBeLessThan(500)
})

it('is without alarms where there are none', () => {
  const bare = synth({ alarms: { enabled: false } })
  try {
    const { widgets } = bodyOf(bare)
    expect(widgets.filter(({ type }) => type === 'alarm')).toEqual([])
    expect(Math.min(...widgets.map(({ y }) => y))).toBe(0)
  } finally {
    bare.remove()
  }
})
