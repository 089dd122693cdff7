/**
 * Exports as many pages of tasks as it is told into a file, in a process that does nothing else, and prints how much more is alive
 * later on than after the first pages: bytes of the heap after each collection, which only `--expose-gc` allows to ask for.
 */
import { fileSink } from '../../cli/export/sink.ts'
import { TASKS } from '../../core/export/tasks.ts'
import { exportText } from '../../core/export/text.ts'
import { tasks } from './tasks-without-end.ts'

const [folder = '.', pages = '1'] = process.argv.slice(2)
const { gc } = globalThis
if (gc === undefined) throw new Error('Run it with --expose-gc')
function alive(): number {
  gc?.()
  return process.memoryUsage().heapUsed
}

const sink = await fileSink(folder, 'tasks.csv')
let [rows, chunks, first, most] = [0, 0, 0, 0]
for await (const chunk of exportText(TASKS, tasks(Number(pages), 500), 'csv')) {
  await sink.write(chunk.text)
  rows += chunk.rows
  chunks += 1
  if (chunks === 10) first = alive()
  if (chunks % 20 === 0) most = Math.max(most, alive())
}
await sink.commit()
process.stdout.write(JSON.stringify({ rows, grown: most - first }))
