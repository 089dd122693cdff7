import type { Clock } from '../../../core/platform/clock.ts'
import type { Home } from '../call.ts'
import { type AlarmDefinition, type AlarmState, COMPARISONS } from './alarm.ts'
import { dataInLine } from './emf.ts'
import { type Evaluation, evaluateAlarm } from './evaluate.ts'
import type { Datum } from './metric.ts'
import { createMetricStore, type MetricStore } from './metric-store.ts'
import { type AlarmChange, notification } from './notification.ts'

export type KnownAlarm = { alarm: AlarmDefinition; state: AlarmState; reason: string; since: number }

/** What the stack itself does with CloudWatch, beside what is asked over the wire. */
export type CloudWatch = {
  store: MetricStore
  put(datum: Datum): void
  /** A line that a function wrote: it may hold metrics. */
  readLine(line: string): void
  /** Sees every datum as it comes. Returns what removes it. */
  onDatum(fn: (datum: Datum) => void): () => void
  /** The same name again replaces it. @throws MathError for what could never be evaluated */
  putAlarm(alarm: AlarmDefinition): void
  alarms(): readonly KnownAlarm[]
  /** Looks at every alarm, and notifies the topics of those that have changed their state. */
  evaluate(now: number): AlarmChange[]
  /** Sees every change of a state. Returns what removes it. */
  onChange(fn: (change: AlarmChange) => void): () => void
}

/** Metrics in memory, and alarms over them. */
export function createCloudWatch(
  home: Home,
  clock: Clock,
  publish: (topicArn: string, message: { subject: string; message: string }) => void,
) {
  const store = createMetricStore()
  const alarms = new Map<string, KnownAlarm>()
  const dataListeners = new Set<(datum: Datum) => void>()
  const changeListeners = new Set<(change: AlarmChange) => void>()

  function put(datum: Datum): void {
    store.put(datum)
    for (const listener of dataListeners) listener(datum)
  }

  function change(known: KnownAlarm, to: AlarmState, reason: string, at: number): AlarmChange {
    const { alarm, state: from } = known
    Object.assign(known, { state: to, reason, since: at })
    const changed = { alarm, from, to, reason, at }
    const actions = alarm.actionsEnabled ? alarm.actions[to] : []
    for (const arn of actions) publish(arn, notification(changed, home))
    for (const listener of changeListeners) listener(changed)
    return changed
  }

  const service: CloudWatch = {
    store,
    put,
    readLine(line) {
      for (const datum of dataInLine(line)) put(datum)
    },
    onDatum(fn) {
      dataListeners.add(fn)
      return () => dataListeners.delete(fn)
    },
    putAlarm(alarm) {
      const state = 'INSUFFICIENT_DATA'
      // What cannot be evaluated is refused now, as the service does, and not at the first look.
      evaluateAlarm(alarm, { store: createMetricStore(), now: 0, current: state })
      alarms.set(alarm.name, { alarm, state, reason: 'Unchecked: Initial alarm creation', since: clock.now() })
    },
    alarms: () => [...alarms.values()],
    evaluate(now) {
      return [...alarms.values()].flatMap((known) => {
        const evaluation = evaluateAlarm(known.alarm, { store, now, current: known.state })
        if (evaluation.state === known.state) return []
        return [change(known, evaluation.state, reasonOf(known.alarm, evaluation), now)]
      })
    },
    onChange(fn) {
      changeListeners.add(fn)
      return () => changeListeners.delete(fn)
    },
  }
  return { ...service, change }
}

const WORDS: Record<keyof typeof COMPARISONS, string> = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
}

function reasonOf(
  { comparison, threshold, evaluationPeriods }: AlarmDefinition,
  { state, values }: Evaluation,
): string {
  const recent = values.slice(-evaluationPeriods).map((value) => value ?? '-')
  const compared = `${WORDS[comparison]} the threshold (${threshold})`
  const bad = values.filter((value) => value !== null && COMPARISONS[comparison](value, threshold)).length
  return `${state}: of the last ${evaluationPeriods} datapoints [${recent.join(', ')}], ${bad} ${bad === 1 ? 'was' : 'were'} ${compared}.`
}
