/** What the operator has chosen. */
export type ForgetChoice = {
  connection?: string | undefined
  dryRun: boolean
  yes: boolean
  /** Writes a second. */
  rate: number
  json: boolean
}
