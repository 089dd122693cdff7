import type { AlarmDefinition, AlarmState } from './alarm.ts'

/** Whether a period was bad, or told nothing. */
export type Point = 'bad' | 'good' | 'missing'

/** Periods that CloudWatch reads beyond those that it needs; so many in its documentation's examples, which give no rule. */
const FURTHER_PERIODS = 2
export const periodsRead = ({ evaluationPeriods }: Pick<AlarmDefinition, 'evaluationPeriods'>) =>
  evaluationPeriods + FURTHER_PERIODS

type Rule = Pick<AlarmDefinition, 'evaluationPeriods' | 'datapointsToAlarm' | 'treatMissingData'>

/**
 * The state of an alarm by the points that were read, oldest first. What is there always counts before what is missing, even
 * from before the periods that the alarm looks at; what is missing is filled in only as far as it has to be.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function judge(points: readonly Point[], rule: Rule, current: AlarmState): AlarmState {
  const { evaluationPeriods: wanted, datapointsToAlarm: limit, treatMissingData } = rule
  const there = points.filter((point) => point !== 'missing').slice(-wanted)
  const bad = there.filter((point) => point === 'bad').length
  const toFill = wanted - there.length
  if (bad >= limit) return 'ALARM'
  if (toFill === 0) return 'OK'
  switch (treatMissingData) {
    case 'breaching':
      return bad + toFill >= limit ? 'ALARM' : 'OK'
    case 'notBreaching':
      return 'OK'
    case 'ignore':
      return there.includes('good') ? 'OK' : current
    case 'missing':
      if (there.includes('good')) return 'OK'
      return isLongBad(points, limit) ? 'ALARM' : 'INSUFFICIENT_DATA'
  }
}

/** A bad point that is as old as the number of bad ones that is needed, and nothing good since: no longer a passing one. */
const isLongBad = (points: readonly Point[], limit: number) => {
  const oldest = points.indexOf('bad')
  return oldest >= 0 && points.length - oldest >= limit
}
