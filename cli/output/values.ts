import { isOmitted } from '../../core/ledger/cap.ts'
import type { Change } from '../../core/ledger/change.ts'
import type { Json } from '../../core/platform/json.ts'
import { clip, widthOf } from './text.ts'
import { durationText, type TimeStyle, timeText } from './time.ts'

const ARROW = ' → '

/** What a change did, on one line: `open → done`, `+Ada`, `Story points: 3 → 5`. */
export function changeText(change: Change, style: TimeStyle): string {
  const { field, before, after, customField } = change
  const text = (value: Json) => valueText(field, value, style)
  const named = customField === null ? '' : `${customField.name}: `
  if (before === null && after === null) return named.slice(0, -2)
  switch (field) {
    case 'assignee_add':
    case 'watcher_add':
    case 'tag':
      return `+${text(after ?? before)}`
    case 'assignee_rem':
    case 'watcher_rem':
    case 'tag_removed':
      return `-${text(before ?? after)}`
    case 'creation':
    case 'restoration':
    case 'task_creation':
    case 'comment':
    case 'event':
      return text(after ?? before)
    default:
      return `${named}${text(before)}${ARROW}${text(after)}`
  }
}

/** The same in fewer columns: before and after are both cut, so that neither is lost for the other's length. */
export function clipChange(text: string, width: number): string {
  const at = text.indexOf(ARROW)
  if (at < 0 || widthOf(text) <= width) return clip(text, width)
  const before = text.slice(0, at)
  const after = text.slice(at + ARROW.length)
  const half = Math.floor((width - ARROW.length) / 2)
  const left = Math.min(widthOf(before), Math.max(half, width - ARROW.length - widthOf(after)))
  return `${clip(before, left)}${ARROW}${clip(after, width - ARROW.length - left)}`
}

function valueText(field: string, value: Json, style: TimeStyle): string {
  if (value === null) return 'none'
  if (isOmitted(value)) return '(too large to keep)'
  if (typeof value === 'number') {
    if (field === 'due_date' || field === 'start_date') return timeText(value, style)
    if (field === 'time_estimate') return durationText(value)
  }
  return jsonText(value)
}

/** A value by its name where it has one. */
export function jsonText(value: Json): string {
  if (value === null) return 'none'
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.map(jsonText).join(', ') || 'none'
  const { name, text, list, durationMs, id } = value
  if (typeof name === 'string') return name
  if (typeof text === 'string') return text
  if (typeof durationMs === 'number') return durationText(durationMs)
  if (list !== null && typeof list === 'object') return jsonText(list)
  // A comment whose text is not stored, or somebody whose name ClickUp did not tell.
  if (typeof id === 'string' && Object.values(value).every((each) => each === id || each === null)) return id
  return JSON.stringify(value)
}
