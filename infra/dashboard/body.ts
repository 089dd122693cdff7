import type { Part, Resource } from '../alarms/alarm.ts'
import { metricOf, type Watched } from '../alarms/watch.ts'
import { annotationsOf, PERIOD_SECONDS } from './annotations.ts'
import { place, rowsOf } from './layout.ts'
import type { Series, Widget } from './widget.ts'

/** A function of the stack, as far as graphs tell of it. */
type Watchable = { name: string; functionName: string; logGroupName: string; memoryMb: number }

/** What the graphs are about. Names may be tokens. */
export type Subject = {
  stage: string
  region: string
  watched: Watched
  apiId: string
  functions: readonly Watchable[]
  /** What this stage has and others may not. */
  parts: ReadonlySet<Part>
  /** ARNs; none where the stage has no alarms. */
  alarms: readonly string[]
  /** By the alarm's name: what the config says instead of the row's. */
  thresholds: Readonly<Partial<Record<string, number>>>
}

/** The body of a dashboard: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
export const bodyOf = (subject: Subject) => ({
  // Half a day: a night as well as a working day stays in sight, and a spike is still one.
  start: '-PT12H',
  periodOverride: 'inherit',
  widgets: place(rowsOf({ alarms: subject.alarms.length > 0, parts: subject.parts })).map(({ widget, ...at }) => ({
    ...at,
    ...contentOf(widget, subject),
  })),
})

function contentOf(widget: Widget, subject: Subject) {
  switch (widget.kind) {
    case 'text':
      return { type: 'text', properties: { markdown: widget.markdown, background: 'transparent' } }
    case 'alarms':
      return { type: 'alarm', properties: { title: widget.title, alarms: subject.alarms } }
    case 'graph': {
      const { title, series, unit, stacked = false } = widget
      return {
        type: 'metric',
        properties: {
          title,
          region: subject.region,
          view: 'timeSeries',
          stacked,
          period: PERIOD_SECONDS,
          metrics: series.flatMap((one) => metricsOf(one, subject)),
          yAxis: { left: { min: 0, ...(unit === undefined ? {} : { label: unit, showUnits: false }) } },
          annotations: { horizontal: annotationsOf(series, subject.thresholds) },
        },
      }
    }
  }
}

function metricsOf(series: Series, { stage, watched, apiId, functions }: Subject): unknown[][] {
  if (series.kind === 'functions') return functions.flatMap((one, index) => metricsOfFunction(series.what, one, index))
  const { label, colour, right, statistic: stat } = series
  const look = { stat, label, ...(colour && { color: colour }), ...(right && { yAxis: 'right' }) }
  if (series.kind === 'aws' && isApi(series.of)) return [[series.namespace, series.metric, 'ApiId', apiId, look]]
  const signal = series.kind === 'ours' ? series : { ...series, of: resourceOf(series.of) }
  const { namespace, metricName, dimensions } = metricOf(signal, stage, watched)
  return [[namespace, metricName, ...dimensions.flatMap(({ name, value }) => [name, value]), look]]
}

function metricsOfFunction(
  what: 'gbSeconds' | 'errors' | 'p99' | 'logBytes',
  one: Watchable,
  index: number,
): unknown[][] {
  const { name: label, functionName, logGroupName, memoryMb } = one
  const of = (metric: string, look: object) => ['AWS/Lambda', metric, 'FunctionName', functionName, look]
  switch (what) {
    case 'errors':
      return [of('Errors', { stat: 'Sum', label })]
    case 'p99':
      return [of('Duration', { stat: 'p99', label })]
    case 'logBytes':
      return [['AWS/Logs', 'IncomingBytes', 'LogGroupName', logGroupName, { stat: 'Sum', label }]]
    case 'gbSeconds':
      return [
        of('Duration', { stat: 'Sum', id: `ms${index}`, visible: false }),
        [{ expression: `ms${index} * ${memoryMb} / 1024 / 1000`, label, id: `gbs${index}` }],
      ]
  }
}

const isApi = (of: Resource | 'api'): of is 'api' => of === 'api'

function resourceOf(of: Resource | 'api'): Resource {
  if (isApi(of)) throw new Error('The API has dimensions of its own.')
  return of
}
