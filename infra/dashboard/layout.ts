import { CLICKUP } from './sections/clickup.ts'
import { MACHINERY } from './sections/machinery.ts'
import { WAY } from './sections/way.ts'
import type { Row, Widget } from './widget.ts'

const HEAD: Row = { height: 5, widgets: [{ kind: 'alarms', title: 'Alarms', width: 24 }] }

/** A widget and where it stands. */
export type Placed = { x: number; y: number; width: number; height: number; widget: Widget }

/**
 * The dashboard from top to bottom: is anything wrong, the way of a change, ClickUp, the machinery.
 * @param alarms whether the stage has any
 */
export const rowsOf = ({ alarms }: { alarms: boolean }): readonly Row[] => [
  ...(alarms ? [HEAD] : []),
  ...WAY,
  ...CLICKUP,
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
