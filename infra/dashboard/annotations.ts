import type { AlarmRow } from '../alarms/alarm.ts'
import { ALARMS } from '../alarms/index.ts'
import { COLOURS, type Series } from './widget.ts'

/** How far apart the points of every graph are, in seconds. */
export const PERIOD_SECONDS = 300

const SEVERITY_COLOURS = { P1: COLOURS.bad, P2: COLOURS.warning, P3: COLOURS.muted } as const

export type Annotation = { label: string; value: number; color: string }

/**
 * The thresholds of alarms that watch what a graph shows, as lines across it.
 *
 * Only of alarms on one signal: what an expression says is no line of any graph. A sum depends on the time that is summed up, so
 * one over another period is left out.
 *
 * @param thresholds what the config says instead, by the alarm's name
 */
export function annotationsOf(
  series: readonly Series[],
  thresholds: Readonly<Partial<Record<string, number>>>,
): Annotation[] {
  return ALARMS.filter((row) => series.some((one) => watches(row, one))).map(({ name, severity, threshold }) => ({
    label: `${name} (${severity})`,
    value: thresholds[name] ?? threshold,
    color: SEVERITY_COLOURS[severity],
  }))
}

function watches({ watches: watched, periodSeconds, threshold }: AlarmRow, series: Series): boolean {
  if (watched.kind !== 'signal' || series.kind === 'functions' || series.right) return false
  const { signal } = watched
  if (signal.kind !== series.kind || signal.metric !== series.metric || signal.statistic !== series.statistic)
    return false
  if (signal.kind === 'aws' && series.kind === 'aws' && signal.of !== series.of) return false
  // A single one is a single one, over however long a time.
  const isOne = threshold === 1 && periodSeconds > PERIOD_SECONDS
  return signal.statistic !== 'Sum' || periodSeconds === PERIOD_SECONDS || isOne
}
