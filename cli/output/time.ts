const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 }

/** Longer than any ledger is kept; every day in between may have to be asked. */
const MAX_DAYS = 3_650

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})?)?$/

/** A duration before `now` or a time, as milliseconds since 1970; `null` for neither. A time without a zone is local. */
export function parseSince(text: string, now: number): number | null {
  const [, number, unit] = /^(\d{1,9})([smhdw])$/.exec(text) ?? []
  const since =
    number !== undefined && unit !== undefined
      ? now - Number(number) * (UNITS[unit] ?? Number.NaN)
      : ISO.test(text)
        ? // A date alone would be read as UTC.
          Date.parse(text.includes('T') ? text : `${text}T00:00`)
        : Number.NaN
  return since >= now - MAX_DAYS * 86_400_000 && since >= 0 ? since : null
}

export type TimeStyle = { now: number; utc: boolean }

/** `14:02:11` today, `2026-03-01 14:02:11` on another day, or `2026-03-01T14:02:11Z` in UTC. */
export function timeText(ms: number, { now, utc }: TimeStyle): string {
  const time = new Date(ms)
  if (Number.isNaN(time.getTime())) return String(ms)
  if (utc) return `${time.toISOString().slice(0, 19)}Z`
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':')
  const day = dayText(time)
  return day === dayText(new Date(now)) ? clock : `${day} ${clock}`
}

const twoDigits = (value: number) => String(value).padStart(2, '0')
const dayText = (time: Date) =>
  `${String(time.getFullYear()).padStart(4, '0')}-${twoDigits(time.getMonth() + 1)}-${twoDigits(time.getDate())}`

/** `45s`, `1h 30m`, `2d 3h`: the two largest units. */
export function durationText(ms: number): string {
  const sign = ms < 0 ? '-' : ''
  let rest = Math.round(Math.abs(ms) / 1000)
  const parts: string[] = []
  for (const [unit, seconds] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(rest / seconds)
    rest -= count * seconds
    if (count > 0) parts.push(`${count}${unit}`)
  }
  return sign + (parts.slice(0, 2).join(' ') || '0s')
}

/** `3s ago`; `just now` for what lies a little ahead, as another machine's clock may. */
export const agoText = (ms: number, now: number): string =>
  now - ms < 1_000 ? 'just now' : `${durationText(now - ms)} ago`
