import * as z from 'zod'
import {
  type AlarmDefinition,
  COMPARISONS,
  type Comparison,
  type Query,
  TREATMENTS,
} from '../../aws/cloudwatch/alarm.ts'
import { templateError } from '../errors.ts'
import { arnOf, kind, physicalName } from './kind.ts'

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, `EvaluationPeriods` */
const HOUR_SECONDS = 3_600
const DAY_SECONDS = 86_400

const names = (given: object) => Object.keys(given)
const isComparison = (name: string): name is Comparison => names(COMPARISONS).includes(name)

const dimensions = z
  .array(z.strictObject({ Name: z.string(), Value: z.string() }))
  .transform((given) => Object.fromEntries(given.map(({ Name, Value }) => [Name, Value])))
  .default({})
/** Below a minute CloudWatch wants metrics of high resolution, of which there are none. */
const period = z.coerce.number().int().min(60).multipleOf(60)
const count = z.coerce.number().int().min(1)
const actions = z.array(z.string()).max(5).default([])

const querySchema = z.strictObject({
  Id: z.string().regex(/^[a-z]\w*$/, 'has to begin with a lower-case letter'),
  Expression: z.string().optional(),
  MetricStat: z
    .strictObject({
      Metric: z.strictObject({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions }),
      Period: period,
      Stat: z.string(),
    })
    .optional(),
  Label: z.string().optional(),
  Period: period.optional(),
  ReturnData: z.boolean().default(true),
})

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html */
const MOST_OF_A_KIND = 10
const isFewEnough = (queries: readonly z.infer<typeof querySchema>[]) =>
  queries.filter(({ MetricStat }) => MetricStat !== undefined).length <= MOST_OF_A_KIND &&
  queries.filter(({ Expression }) => Expression !== undefined).length <= MOST_OF_A_KIND

const alarmSchema = z.strictObject({
  AlarmName: z.string().optional(),
  AlarmDescription: z.string().max(1024).default(''),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: dimensions,
  Statistic: z.string().optional(),
  ExtendedStatistic: z.string().optional(),
  Period: period.optional(),
  Metrics: z.array(querySchema).refine(isFewEnough, 'at most ten metrics and ten expressions').optional(),
  ComparisonOperator: z.string().refine(isComparison),
  Threshold: z.coerce.number(),
  EvaluationPeriods: count,
  DatapointsToAlarm: count.optional(),
  TreatMissingData: z.enum(TREATMENTS).optional(),
  ActionsEnabled: z.boolean().default(true),
  AlarmActions: actions,
  OKActions: actions,
  InsufficientDataActions: actions,
})
type Properties = z.infer<typeof alarmSchema>

export const alarm = kind({
  schema: alarmSchema,
  ignores: ['Tags'],
  make(properties, resource, deployment) {
    const bad = (why: string) => templateError(resource.where, why)
    const name = properties.AlarmName ?? physicalName(resource, 255)
    const arn = arnOf(deployment, 'cloudwatch', `alarm:${name}`)
    const { evaluationPeriods, datapointsToAlarm } = numbers(properties)
    if (datapointsToAlarm > evaluationPeriods) throw bad('wants more bad periods than it looks at')
    const watching = watchedBy(properties, bad)
    const longest = watching.periodSeconds < HOUR_SECONDS ? DAY_SECONDS : 7 * DAY_SECONDS
    if (watching.periodSeconds * evaluationPeriods > longest)
      throw bad(`looks back further than the ${longest / DAY_SECONDS} days that CloudWatch allows its period`)
    const isDynamo = watching.queries.some(
      (one) => one.kind === 'metric' && one.stat.metric.namespace === 'AWS/DynamoDB',
    )
    const definition: AlarmDefinition = {
      ...{ name, arn, description: properties.AlarmDescription, ...watching, evaluationPeriods, datapointsToAlarm },
      comparison: properties.ComparisonOperator,
      threshold: properties.Threshold,
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html has DynamoDB's own default.
      treatMissingData: properties.TreatMissingData ?? (isDynamo ? 'ignore' : 'missing'),
      actionsEnabled: properties.ActionsEnabled,
      actions: {
        ALARM: properties.AlarmActions,
        OK: properties.OKActions,
        INSUFFICIENT_DATA: properties.InsufficientDataActions,
      },
    }
    deployment.alarms.push({ where: resource.where, definition })
    return { ref: name, attributes: { Arn: arn } }
  },
})

const numbers = ({ EvaluationPeriods, DatapointsToAlarm }: Properties) => ({
  evaluationPeriods: EvaluationPeriods,
  datapointsToAlarm: DatapointsToAlarm ?? EvaluationPeriods,
})

type Watching = Pick<AlarmDefinition, 'queries' | 'watched' | 'periodSeconds'>

function watchedBy(properties: Properties, bad: (why: string) => Error): Watching {
  const { Namespace: namespace, MetricName: name, Dimensions, Period, Metrics = [] } = properties
  const statistic = properties.Statistic ?? properties.ExtendedStatistic
  if (Metrics.length === 0) {
    if (namespace === undefined || name === undefined || statistic === undefined || Period === undefined)
      throw bad('names neither a metric with its statistic and period nor an expression')
    const stat = { metric: { namespace, name, dimensions: Dimensions }, statistic }
    return { queries: [{ id: 'm1', kind: 'metric', stat }], watched: 'm1', periodSeconds: Period }
  }
  const periods = new Set(
    Metrics.map((each) => each.MetricStat?.Period ?? each.Period).filter((each) => each !== undefined),
  )
  const [periodSeconds] = periods
  if (periodSeconds === undefined || periods.size > 1) throw bad('all metrics of an expression need the same period')
  const returned = Metrics.filter(({ ReturnData }) => ReturnData)
  const [watched] = returned
  if (watched === undefined || returned.length > 1) throw bad('exactly one of its metrics has to return data')
  return { queries: Metrics.map((each) => queryOf(each, bad)), watched: watched.Id, periodSeconds }
}

function queryOf({ Id: id, Expression, MetricStat }: z.infer<typeof querySchema>, bad: (why: string) => Error): Query {
  if (Expression !== undefined && MetricStat === undefined) return { id, kind: 'expression', expression: Expression }
  if (Expression !== undefined || MetricStat === undefined) throw bad(`${id} is neither a metric nor an expression`)
  const { Namespace: namespace, MetricName: name, Dimensions } = MetricStat.Metric
  const metric = { namespace, name, dimensions: Dimensions }
  return { id, kind: 'metric', stat: { metric, statistic: MetricStat.Stat } }
}
