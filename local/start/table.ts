import { describeChange, describePerson, describeResource } from './describe.ts'
import { cell, type Paint, type Style } from './paint.ts'
import type { Arrival } from './subscriber.ts'

/** The lines of the live table; columns keep their width, so that lines of an hour ago still stand under the heading. */
export type Table = { heading(): string[]; row(arrival: Arrival): string }

const GAP = '  '
const [TIME, WHAT, ID, WHO, MS] = [8, 26, 9, 9, 5]
/** From this width on there is room for the task's id. */
const WIDE = 120

export function createTable(width: number, paint: Paint): Table {
  const wide = width >= WIDE
  const fixed = [TIME, WHAT, ...(wide ? [ID] : []), WHO, MS]
  const flexible = Math.max(16, width - fixed.reduce((sum, each) => sum + each, 0) - GAP.length * (fixed.length + 1))
  const task = Math.ceil(flexible / 2)
  const change = flexible - task

  const line = (cells: {
    time: string
    what: string
    id: string
    task: string
    change: string
    who: string
    ms: string
  }) => [cells.time, cells.what, ...(wide ? [cells.id] : []), cells.task, cells.change, cells.who, cells.ms].join(GAP)

  return {
    heading() {
      const names = line({
        time: cell('time', TIME),
        what: cell('what', WHAT),
        id: cell('id', ID),
        task: cell('task', task),
        change: cell('change', change),
        who: cell('who', WHO),
        ms: cell('ms', MS, 'right'),
      })
      return [paint('bold', names), paint('dim', '─'.repeat(names.length))]
    },
    row({ detailType, event, at }) {
      const ms = Math.max(0, Math.round(at - event.receivedAt))
      return line({
        time: paint('dim', cell(clockTime(at), TIME)),
        what: paint(styleOf(event.field), cell(detailType, WHAT)),
        id: paint('dim', cell(event.resource.kind === 'task' ? event.resource.id : '', ID)),
        task: cell(describeResource(event), task),
        change: cell(describeChange(event), change),
        who: paint('dim', cell(describePerson(event.actor?.name), WHO)),
        ms: paint(ms < 1_000 ? 'green' : 'yellow', cell(String(ms), MS, 'right')),
      })
    },
  }
}

export const clockTime = (at: number): string => {
  const date = new Date(at)
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':')
}

function styleOf(field: string): Style {
  switch (field) {
    case 'status':
      return 'cyan'
    case 'task_creation':
    case 'creation':
      return 'green'
    case 'deletion':
      return 'red'
    case 'comment':
      return 'magenta'
    default:
      return 'blue'
  }
}
