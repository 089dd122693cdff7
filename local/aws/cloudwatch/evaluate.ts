import { type AlarmDefinition, type AlarmState, COMPARISONS, type Query } from './alarm.ts'
import { judge, type Point, periodsRead } from './judge.ts'
import { evaluateMath } from './math/evaluate.ts'
import { MathError } from './math/parse.ts'
import type { Series } from './math/value.ts'
import { type MetricStore, MINUTE_MS } from './metric-store.ts'
import { statisticOf } from './statistic.ts'

export type Evaluation = {
  state: AlarmState
  /** What was compared with the threshold, oldest first, the further periods included. */
  values: Series
}

type Watching = Pick<AlarmDefinition, 'queries' | 'watched' | 'periodSeconds'>

/**
 * The time series of a query: one value for each of the periods before `now`, oldest first.
 * A period ends with a whole minute, whatever its length: an alarm looks every minute, and back from there.
 * @throws MathError for an expression or a statistic that is not known here
 */
export function readSeries(
  store: MetricStore,
  { queries, watched, periodSeconds }: Watching,
  at: { now: number; periods: number },
) {
  const end = Math.floor(at.now / MINUTE_MS) * MINUTE_MS
  const open = new Set<string>()

  function seriesOf(id: string): Series {
    const query = queries.find((each) => each.id === id)
    if (query === undefined) throw new MathError(`there is nothing with the id ${id}`)
    if (open.has(id)) throw new MathError(`${id} is made of itself`)
    open.add(id)
    try {
      return query.kind === 'metric' ? ofMetric(query) : ofExpression(query)
    } finally {
      open.delete(id)
    }
  }

  function ofMetric({ stat }: Extract<Query, { kind: 'metric' }>): Series {
    const statistic = statisticOf(stat.statistic)
    if (statistic === undefined) throw new MathError(`the statistic ${stat.statistic} is not known here`)
    const length = periodSeconds * 1_000
    return Array.from({ length: at.periods }, (_, period) => {
      const until = end - (at.periods - 1 - period) * length
      const samples = store.samples(stat.metric, until - length, until)
      return samples.size === 0 ? null : statistic(samples)
    })
  }

  const ofExpression = ({ expression }: Extract<Query, { kind: 'expression' }>): Series =>
    evaluateMath(expression, {
      seriesOf,
      metrics: queries.filter(({ kind }) => kind === 'metric').map(({ id }) => id),
      periodSeconds,
      periods: at.periods,
    })

  return seriesOf(watched)
}

/**
 * What CloudWatch would say of an alarm at a time (ms since 1970).
 * @throws MathError for an expression or a statistic that is not known here
 */
export function evaluateAlarm(
  alarm: AlarmDefinition,
  { store, now, current }: { store: MetricStore; now: number; current: AlarmState },
): Evaluation {
  const values = readSeries(store, alarm, { now, periods: periodsRead(alarm) })
  const isBad = COMPARISONS[alarm.comparison]
  const points = values.map((value): Point => {
    if (value === null) return 'missing'
    return isBad(value, alarm.threshold) ? 'bad' : 'good'
  })
  return { state: judge(points, alarm, current), values }
}
