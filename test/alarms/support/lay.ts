import type { AlarmDefinition, AlarmState } from '../../../local/aws/cloudwatch/alarm.ts'
import { evaluateAlarm } from '../../../local/aws/cloudwatch/evaluate.ts'
import type { Datum } from '../../../local/aws/cloudwatch/metric.ts'
import { createMetricStore } from '../../../local/aws/cloudwatch/metric-store.ts'

/** When alarms are looked at here: any whole minute. */
const NOW = 1_800_000_000_000

/**
 * What an alarm says of what was recorded, as if that had happened in each of the periods that it looks at. So no time has to
 * pass: what the functions printed is shifted, within its period and into the others, and nothing else of it is changed.
 * @param current the state that it had before
 */
export function stateOver(alarm: AlarmDefinition, recorded: readonly Datum[], current: AlarmState = 'OK'): AlarmState {
  const store = createMetricStore()
  const length = alarm.periodSeconds * 1_000
  const first = recorded.reduce((earliest, { at }) => Math.min(earliest, at), Number.POSITIVE_INFINITY)
  for (let period = 1; period <= alarm.evaluationPeriods; period += 1) {
    const begin = NOW - period * length
    for (const datum of recorded) store.put({ ...datum, at: begin + Math.min(datum.at - first, length - 1) })
  }
  return evaluateAlarm(alarm, { store, now: NOW, current }).state
}
