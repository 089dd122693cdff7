import { nextCursor } from '../../core/export/cursor.ts'
import { exported } from '../../core/export/export.ts'
import type { ExportSpan } from '../../core/export/kind.ts'
import { meterReads, usdOf, wholeUnits } from '../../core/export/read-units.ts'
import { createPace } from '../../core/platform/pace.ts'
import { type Io, sleepOf } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { noteUnreadable } from '../output/notes.ts'
import type { Target } from '../target.ts'
import { saveCursor } from './cursor-file.ts'
import type { ExportOptions } from './export-options.ts'
import { fileSink, standardOutput } from './sink.ts'
import { chosenSpan } from './span.ts'

/** More read units than this are worth a word before they are spent: US$ 0.13 at list prices. */
const MANY_UNITS = 1_000_000

/** Reads, writes, and only then says where the next one begins. */
export async function runExport(io: Io, target: Target, options: ExportOptions): Promise<void> {
  const { what, format, out, rate } = options
  const { dynamo, tables } = target
  const services = { dynamo, tables }
  const clock = { now: io.now }
  const span = await chosenSpan(io, target, options, services)
  // Asked before anything is read: what is stored meanwhile may be missed, and comes with the next one.
  const cursor = await nextCursor(what, services, span)
  await sayCost(io, options, services, span)
  const pace = rate === undefined ? null : createPace({ perMinute: rate * 60, clock, sleep: sleepOf(io) })
  const sink = out === undefined ? standardOutput(io) : await fileSink(io.cwd, out)
  const meter = meterReads(dynamo, pace)
  const callOff = io.onInterrupt?.(sink.abandon)
  const done = { rows: 0, unreadable: 0 }
  try {
    for await (const { text, rows, unreadable } of exported(what, services, span, format)) {
      if (text !== '') await sink.write(text)
      done.rows += rows
      done.unreadable += unreadable
      io.progress?.(`${done.rows} rows, ${Math.ceil(meter.units())} read units`)
    }
    await sink.commit()
  } catch (error) {
    sink.abandon()
    throw error
  } finally {
    callOff?.()
    meter.stop()
    io.progress?.(null)
  }
  // An end that the operator has chosen says nothing of what comes after it: then the next one begins there.
  const next = options.until === undefined ? cursor : Math.min(options.until, cursor ?? options.until)
  if (options.cursorFile !== undefined) {
    const saved = { export: what, target: target.label, connections: [...span.connections], cursor: next }
    await saveCursor(io.cwd, options.cursorFile, saved)
  }
  const units = Math.ceil(meter.units())
  const told = { ...done, since: span.since ?? null, until: span.until, next, readUnits: units, usd: usdOf(units) }
  if (options.json) writeJson(io, { export: what, file: out, ...told })
  else tell(io, told, out)
}

async function sayCost(
  io: Io,
  { what }: ExportOptions,
  services: Parameters<typeof wholeUnits>[1],
  { since }: ExportSpan,
): Promise<void> {
  // Of changes, an increment reads what is in it and nothing else.
  if (what === 'changes' && since !== undefined) return
  const units = await wholeUnits(what, services)
  if (units === null || units < MANY_UNITS) return
  const millions = (units / 1e6).toFixed(1)
  io.note(
    `This reads about ${millions} million units, US$ ${usdOf(units).toFixed(2)} at list prices; --rate holds it back.`,
  )
}

type Told = { rows: number; unreadable: number; next: number | null; readUnits: number; usd: number }

function tell(io: Io, { rows, unreadable, next, readUnits, usd }: Told, out: string | undefined): void {
  noteUnreadable(io, unreadable)
  const where = out === undefined ? '' : ` to ${out}`
  io.note(`Exported ${rows} rows${where} with ${readUnits} read units (US$ ${usd.toFixed(4)}).`)
  io.note(
    next === null
      ? 'There is no watermark yet, so the next export has to be whole again.'
      : `What came since: --since ${new Date(next).toISOString()}`,
  )
}
