import { type Found, type Grammar, matchAt, type PartRole, strange } from './token.ts'

/** Finds numbers with their units, and refs in another spelling: `{T1}`, `t1`, `task 1`. */
export function numbersOf(grammar: Grammar): (text: string, at: number, role: PartRole) => Found | null {
  const word = (words: readonly string[]) => `(?:${words.map(escaped).join('|') || '(?!)'})(?![\\p{L}\\p{N}])`
  const [hour, minute, day] = [word(grammar.hours), word(grammar.minutes), word(grammar.days)]
  const nearly = `\\{\\s*\\p{L}{1,6}\\s*[-_#]?\\s*\\d+\\s*\\}|[tpfx]\\d+(?![\\p{L}\\p{N}])|${word(grammar.named)}\\s+#?\\d+`
  const hours = `(\\d{1,6}(?:\\.\\d{1,2})?)\\s?${hour}(?:,?\\s(?:\\p{L}{1,4}\\s)?(\\d{1,2})\\s?${minute})?`
  const patterns = {
    nearlyRef: new RegExp(nearly, 'iuy'),
    hours: new RegExp(hours, 'iuy'),
    minutes: new RegExp(`(\\d{1,6})\\s?${minute}`, 'iuy'),
    days: new RegExp(`(\\d{1,6}(?:\\.\\d)?)\\s?${day}`, 'iuy'),
  }
  return (text, at, role) => {
    // "-3", "1/2": the sign or the other half is part of it.
    if (/[-+.,:/–]/.test(text.charAt(at - 1)) && /\d/.test(text.charAt(at))) return null
    const ref = matchAt(patterns.nearlyRef, text, at)
    if (ref !== null) return strange('unknownRef', ref[0].length)
    const number = (match: RegExpExecArray, spelling: string, isLength = false): Found => ({
      token: { kind: 'number', number: spelling, role, isLength },
      length: match[0].length,
    })
    const inHours = matchAt(patterns.hours, text, at)
    if (inHours !== null) {
      return number(inHours, `${Math.round(Number(inHours[1]) * 60) + Number(inHours[2] ?? 0)} min`, true)
    }
    const inMinutes = matchAt(patterns.minutes, text, at)
    if (inMinutes !== null) return number(inMinutes, `${Number(inMinutes[1])} min`, true)
    const inDays = matchAt(patterns.days, text, at)
    if (inDays !== null) return number(inDays, `${Number(inDays[1])} days`, true)
    return dateAt(text, at, number) ?? countAt(text, at, number)
  }
}

const escaped = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('_', '\\s')

type Number_ = (match: RegExpExecArray, spelling: string) => Found

const CLOCK = /([01]?\d|2[0-3]):([0-5]\d)(?![:\p{L}\p{N}])/uy
const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*'
const DAY_MONTH = new RegExp(`(\\d{1,2})\\s${MONTH}(?![\\p{L}\\p{N}])`, 'iuy')
const MONTH_DAY = new RegExp(`${MONTH}\\s(\\d{1,2})(?![\\p{L}\\p{N}:])`, 'iuy')
const WEEKDAY = /(mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?(?![\p{L}\p{N}])/iuy

/** Times are written as in the data, whatever the language. */
function dateAt(text: string, at: number, number: Number_): Found | null {
  const clock = matchAt(CLOCK, text, at)
  if (clock !== null) return number(clock, `${Number(clock[1])}:${clock[2]}`)
  const date = matchAt(DAY_MONTH, text, at)
  if (date !== null) return number(date, `${Number(date[1])} ${date[2]?.toLowerCase()}`)
  const american = matchAt(MONTH_DAY, text, at)
  if (american !== null) return number(american, `${Number(american[2])} ${american[1]?.toLowerCase()}`)
  const weekday = matchAt(WEEKDAY, text, at)
  return weekday === null ? null : number(weekday, weekday[1]?.toLowerCase() ?? '')
}

const COUNT = /(\d{1,3}(?:,\d{3})+|\d{1,9})(?![\p{L}\p{N}%]|[.,:/–-]\d)/uy

function countAt(text: string, at: number, number: Number_): Found | null {
  const count = matchAt(COUNT, text, at)
  return count === null ? null : number(count, String(Number(count[1]?.replaceAll(',', ''))))
}
