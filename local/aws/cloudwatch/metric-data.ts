import type { JsonObject } from '../call.ts'
import { AwsError } from '../json-protocol.ts'
import type { Query } from './alarm.ts'
import { readSeries } from './evaluate.ts'
import { MathError } from './math/parse.ts'
import type { MetricStore } from './metric-store.ts'
import type { GetMetricData } from './requests.ts'

const invalid = (message: string) => new AwsError('ValidationException', message)

/** @throws AwsError ValidationException for what is not known here: several periods in one call, for one */
export function getMetricData(store: MetricStore, request: GetMetricData): JsonObject {
  const given = request.MetricDataQueries
  const lengths = new Set(
    given.map(({ MetricStat, Period }) => MetricStat?.Period ?? Period).filter((each) => each !== undefined),
  )
  const [period] = lengths
  if (period === undefined || lengths.size > 1) throw invalid('The local stack wants one Period in all queries.')

  // Periods begin at whole multiples of their length, whatever was asked for.
  const start = Math.floor(request.StartTime / period) * period
  const periods = Math.ceil((request.EndTime - start) / period)
  if (periods < 1) throw invalid('The parameter StartTime must be less than the parameter EndTime.')
  const queries = given.map(queryOf)
  const results = given
    .filter(({ ReturnData }) => ReturnData)
    .map(({ Id, Label }) => {
      const at = { now: (start + periods * period) * 1_000, periods }
      const points = readSeries(store, { queries, watched: Id, periodSeconds: period }, at)
        .map((value, place) => ({ value, at: start + place * period }))
        .filter(({ value }) => value !== null)
      if (request.ScanBy === 'TimestampDescending') points.reverse()
      return {
        ...{ Id, Label: Label ?? Id, StatusCode: 'Complete' },
        Timestamps: points.map((point) => point.at),
        Values: points.map(({ value }) => value),
      }
    })
  return { MetricDataResults: results, Messages: [] }
}

function queryOf({ Id: id, Expression, MetricStat }: GetMetricData['MetricDataQueries'][number]): Query {
  if ((Expression === undefined) === (MetricStat === undefined))
    throw invalid(`The query ${id} needs either a MetricStat or an Expression.`)
  if (Expression !== undefined) return { id, kind: 'expression', expression: Expression }
  if (MetricStat === undefined) throw invalid(`The query ${id} is empty.`)
  const { Namespace: namespace, MetricName: name, Dimensions } = MetricStat.Metric
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]))
  return { id, kind: 'metric', stat: { metric: { namespace, name, dimensions }, statistic: MetricStat.Stat } }
}

/** What an expression is refused for is the caller's fault, not the stack's. */
export function refusingMath<Result>(act: () => Result): Result {
  try {
    return act()
  } catch (error) {
    throw error instanceof MathError ? invalid(error.message) : error
  }
}
