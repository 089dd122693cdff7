import type { Part } from '../alarms/alarm.ts'
import { CLICKUP } from './sections/clickup.ts'
import { MACHINERY } from './sections/machinery.ts'
import { standupRows } from './sections/standup.ts'
import { WAY } from './sections/way.ts'
import type { Row, Widget } from './widget.ts'

const HEAD: Row = { height: 5, widgets: [{ kind: 'alarms', title: 'Alarms', width: 24 }] }

/** A widget and where it stands. */
export type Placed = { x: number; y: number; width: number; height: number; widget: Widget }

/**
 * The dashboard from top to bottom: is anything wrong, the way of a change, ClickUp, summaries, the machinery.
 * @param of.alarms whether the stage has any
 */
export const rowsOf = ({ alarms, parts }: { alarms: boolean; parts: ReadonlySet<Part> }): readonly Row[] => [
  ...(alarms ? [HEAD] : []),
  ...WAY,
  ...CLICKUP,
  ...standupRows(parts),
  ...MACHINERY,
]

/** Puts rows beneath each other and their widgets side by side. */
export function place(rows: readonly Row[]): Placed[] {
  const placed: Placed[] = []
  let y = 0
  for (const { height, widgets } of rows) {
    let x = 0
    for (const widget of widgets) {
      placed.push({ x, y, width: widget.width, height, widget })
      x += widget.width
    }
    y += height
  }
  return placed
}
