import type { Severity } from './alarm.ts'

/** The alarm of a row. */
export const alarmName = (stage: string, name: string) => `hookline-${stage}-${name}`

/** What the config calls the people behind a severity, and its topic is called. */
export const AUDIENCES = { P1: 'page', P2: 'warn', P3: 'note' } as const satisfies Record<Severity, string>

/** The topic of a severity. */
export const topicName = (stage: string, severity: Severity) => `hookline-${stage}-${AUDIENCES[severity]}`

/** The dashboard of a stage. */
export const dashboardName = (stage: string) => `hookline-${stage}`

/** The anchor that GitHub gives a heading of letters. */
export const anchorOf = (name: string) => name.toLowerCase()
