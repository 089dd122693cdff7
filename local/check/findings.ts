/** What a comparison has come to; each line of `missing` and `extra` names one thing. */
export type Findings = {
  /** How many things were compared. */
  compared: number
  missing: string[]
  extra: string[]
  /** Lost, and not to be had from what ClickUp shows afterwards: one line each. */
  unrecoverable: string[]
}

export const noFindings = (): Findings => ({ compared: 0, missing: [], extra: [], unrecoverable: [] })

export const together = (all: readonly Findings[]): Findings => ({
  compared: all.reduce((sum, { compared }) => sum + compared, 0),
  missing: all.flatMap(({ missing }) => missing),
  extra: all.flatMap(({ extra }) => extra),
  unrecoverable: all.flatMap(({ unrecoverable }) => unrecoverable),
})

const LENGTH = 160
/** A value in a line for people. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > LENGTH ? `${text.slice(0, LENGTH)}…` : text
}

const SHOWN = 40

/** Some of many lines, each after its kind: so many that one can still read them. */
export const someLines = (kind: string, lines: readonly string[]): string[] => [
  ...lines.slice(0, SHOWN).map((line) => `${kind}: ${line}`),
  ...(lines.length > SHOWN ? [`${kind}: and ${lines.length - SHOWN} more`] : []),
]
