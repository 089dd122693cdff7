import type { Part } from '../alarms/alarm.ts'

/** A saved query of CloudWatch Logs Insights, named for the question that it answers. */
export type SavedQuery = {
  /** In PascalCase, as alarms and the runbook name it; saved as `hookline/{stage}/{name}`. */
  name: string
  /** The question, as one would ask it. */
  question: string
  /** Whose logs: names of functions (`verifier`, `consumer`), `api` for the access log, or `all` of these. */
  logsOf: readonly string[] | 'all'
  /**
   * It is there only where the stage has this.
   * @default - every stage has it
   */
  needs?: Part
  /** In the language of Logs Insights, a command a line; what the asker has to fill in stands as `ID` in capitals. */
  query: string
}
