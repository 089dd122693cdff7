/** What came of trying hostile input: how much was tried, and each promise that did not hold, as a line that names its case. */
export type Found = {
  /** Things that were tried and judged. */
  readonly tried: number
  /** How they ended, by a word for each way. */
  readonly endings: Readonly<Record<string, number>>
  /** One line for each promise that was broken: the case's name, a colon, and what went wrong. */
  readonly wrong: readonly string[]
}

/** Gathers what is found while cases are tried. */
export function createFindings() {
  const endings = new Map<string, number>()
  const wrong: string[] = []
  let tried = 0
  return {
    add(name: string, ending: string, faults: readonly string[]): void {
      tried += 1
      endings.set(ending, (endings.get(ending) ?? 0) + 1)
      wrong.push(...faults.map((fault) => `${name}: ${fault}`))
    },
    found: (): Found => ({ tried, endings: Object.fromEntries([...endings].sort()), wrong }),
  }
}

/** Two findings as one. */
export const bothOf = (a: Found, b: Found): Found => ({
  tried: a.tried + b.tried,
  endings: { ...a.endings, ...b.endings },
  wrong: [...a.wrong, ...b.wrong],
})
