import { describe, expect, test } from 'vitest'
import { TREATMENTS } from '../../local/aws/cloudwatch/alarm.ts'
import { judge, type Point } from '../../local/aws/cloudwatch/judge.ts'

const POINTS: Readonly<Record<string, Point>> = { '0': 'good', X: 'bad', '-': 'missing' }
const pointsOf = (drawn: string) => drawn.split(' ').map((each) => POINTS[each] ?? 'missing')

/** A state that none of the treatments gives by itself, so that one that was kept is seen. */
const KEPT = 'ALARM'

/** The states by treatment, of an alarm that was in another state before. */
function states(
  drawn: string,
  datapointsToAlarm: number,
  current: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA' = 'INSUFFICIENT_DATA',
) {
  return ['missing', 'ignore', 'breaching', 'notBreaching'].map((wanted) => {
    const treatMissingData = TREATMENTS.find((treatment) => treatment === wanted) ?? 'missing'
    return judge(pointsOf(drawn), { evaluationPeriods: 3, datapointsToAlarm, treatMissingData }, current)
  })
}

// The two tables of AWS's documentation, with three evaluation periods and five that are read:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
describe('3 out of 3, as the documentation has it', () => {
  test.each([
    ['0 - X - X', ['OK', 'OK', 'OK', 'OK']],
    ['0 - - - -', ['OK', 'OK', 'OK', 'OK']],
    ['- - - - -', ['INSUFFICIENT_DATA', 'INSUFFICIENT_DATA', 'ALARM', 'OK']],
    ['0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['- - X - -', ['ALARM', 'INSUFFICIENT_DATA', 'ALARM', 'OK']],
    // Not in the table, but in the text below it: one that may pass yet.
    ['- - - - X', ['INSUFFICIENT_DATA', 'INSUFFICIENT_DATA', 'ALARM', 'OK']],
    ['- - - X -', ['INSUFFICIENT_DATA', 'INSUFFICIENT_DATA', 'ALARM', 'OK']],
  ])('%s', (drawn, expected) => expect(states(drawn, 3)).toEqual(expected))
})

describe('2 out of 3, as the documentation has it', () => {
  test.each([
    ['0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - X -', ['ALARM', 'INSUFFICIENT_DATA', 'ALARM', 'OK']],
  ])('%s', (drawn, expected) => expect(states(drawn, 2)).toEqual(expected))
})

test('an alarm that ignores what is missing keeps its state, whatever that is', () => {
  for (const current of ['OK', KEPT, 'INSUFFICIENT_DATA'] as const)
    expect(states('- - - - -', 3, current)[1]).toBe(current)
})

test('what is older than the periods is not looked at while nothing is missing', () => {
  expect(states('X X 0 0 0', 1)).toEqual(['OK', 'OK', 'OK', 'OK'])
  expect(states('X X - 0 0', 1)).toEqual(['ALARM', 'ALARM', 'ALARM', 'ALARM'])
})
