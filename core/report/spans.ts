const HOUR = 3_600_000

/** A span of time in the unit that suits it: `25 min`, `6.5 h`, `3.2 d`; a day is what the caller says, 24 hours or working ones. */
export function spanText(ms: number | null, dayMs: number): string {
  if (ms === null) return '–'
  if (ms < HOUR) return `${Math.round(ms / 60_000)} min`
  if (ms < dayMs) return `${oneDecimal(ms / HOUR)} h`
  return `${oneDecimal(ms / dayMs)} d`
}

const oneDecimal = (value: number) =>
  value >= 100 ? Math.round(value).toString() : value.toFixed(1).replace(/\.0$/, '')
