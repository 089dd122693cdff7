import { describe, expect, test } from 'vitest'
import { evaluateMath } from '../../local/aws/cloudwatch/math/evaluate.ts'
import type { Series } from '../../local/aws/cloudwatch/math/value.ts'

const _ = null
/** The time series of the documentation's tables for IF, and of its example for comparisons. */
const SERIES: Readonly<Record<string, Series>> = {
  metric1: [1, 1, 0, 0, _],
  metric2: [30, _, 0, 0, 30],
  metric3: [0, 0, 20, _, 20],
  a: [30, 20, 0, 0, _],
  b: [20, _, 20, _, _],
  empty: [_, _, _, _, _],
}

const evaluate = (expression: string) =>
  evaluateMath(expression, {
    seriesOf(id) {
      const found = SERIES[id]
      if (found === undefined) throw new Error(`there is nothing with the id ${id}`)
      return found
    },
    metrics: ['a', 'b'],
    periodSeconds: 300,
    periods: 5,
  })

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
describe('as the documentation has it', () => {
  test.each<[string, Series]>([
    ['IF(metric1, metric2, metric3)', [30, 0, 20, _, _]],
    ['IF(metric1, 5, metric3)', [5, 5, 20, _, _]],
    ['IF(metric1, metric2, 5)', [30, 0, 5, 5, _]],
    ['IF(metric1, metric2)', [30, 0, _, _, _]],
    ['(a < b)', [0, 0, 1, 0, _]],
    ['(a >= 30)', [1, 0, 0, 0, _]],
    ['(a > 15 AND b > 15)', [1, 0, 0, 0, _]],
    ['(a > 15 && b > 15)', [1, 0, 0, 0, _]],
    ['(a > 15 OR b > 15)', [1, 1, 1, 0, _]],
    ['IF(a < 25, 10, 2)', [2, 10, 10, 10, _]],
    ['a / PERIOD(a)', [0.1, 20 / 300, 0, 0, _]],
    ['FILL(b, 7)', [20, 7, 20, 7, 7]],
    ['FILL(b, a)', [20, 20, 20, 0, _]],
    ['TIME_SERIES(10)', [10, 10, 10, 10, 10]],
  ])('%s', (expression, expected) => expect(evaluate(expression)).toEqual(expected))
})

describe('arithmetic', () => {
  test.each<[string, Series]>([
    ['a + b', [50, 20, 20, 0, _]],
    ['100 * b / a', [(100 * 20) / 30, 0, _, _, _]],
    ['-a + 2 * 3 ^ 2', [-12, -2, 18, 18, _]],
    ['2 - 1 - 1 + a', [30, 20, 0, 0, _]],
    ['SUM([a, b])', [50, 20, 20, 0, _]],
    ['SUM(METRICS())', [50, 20, 20, 0, _]],
    ['SUM(METRICS("b"))', [20, _, 20, _, _]],
    ['MAX([a, b])', [30, 20, 20, 0, _]],
    ['MIN([a, b])', [20, 20, 0, 0, _]],
    ['ABS(CEIL(a / -7))', [4, 2, 0, 0, _]],
    ['empty + empty', [_, _, _, _, _]],
    ['SUM([a, b] * 2)', [100, 40, 40, 0, _]],
    ['a != 0', [1, 1, 0, 0, _]],
  ])('%s', (expression, expected) => {
    const values = evaluate(expression)
    expect(values.map((value) => (value === null ? null : Math.round(value * 1e6) / 1e6 + 0))).toEqual(
      expected.map((value) => (value === null ? null : Math.round(value * 1e6) / 1e6)),
    )
  })
})

describe('what is not known is refused', () => {
  test.each([
    ['MAX(a)', 'MAX is known here for [several, time series] only'],
    ['SEARCH("x")', 'SEARCH is not known here'],
    ['a + "x"', 'a text stands alone'],
    ['ANOMALY_DETECTION_BAND(a)', 'ANOMALY_DETECTION_BAND is not known here'],
    ['fill(a, 0)', 'fill is not known here'],
    ['FILL(a, REPEAT)', 'there is nothing with the id REPEAT'],
    ['a +', '"the end" stands where it cannot'],
    ['a b', '"b" stands where it cannot'],
    ['(a', '"the end" stands where it cannot'],
    ['a ? b', 'what begins at'],
    ['1 + 2', '1 + 2 has to be one time series'],
    ['[a, b]', '[a, b] has to be one time series'],
    ['[a, b] + [a, b]', 'two arrays of time series cannot be joined'],
    ['c > 1', 'there is nothing with the id c'],
    ['IF(a)', 'IF takes two or three values'],
  ])('%s', (expression, message) => expect(() => evaluate(expression)).toThrow(message))
})
