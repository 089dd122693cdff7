import * as z from 'zod'
import { LOOK_AGAIN_MS } from '../pause/gate.ts'
import type { Fault } from '../upstream/fault.ts'
import type { Job } from './job.ts'
import type { RunStore } from './run-store.ts'
import type { SyncServices } from './services.ts'

/** What every run has. */
export type RunState = {
  version: number
  run: string
  phase: string
  updatedAt: number
  endedAt: number | null
  heldUntil: number
  parts: number
  note: string | null
  remark: string | null
}

/** What is to follow a step: another one, one at a later time (and why), or nothing. */
export type Next = { kind: 'on' } | { kind: 'wait'; until: number; why: string | null } | { kind: 'over' }
export type Stepped<Run> = { run: Run; next: Next }

export const ON: Next = { kind: 'on' }
export const OVER: Next = { kind: 'over' }

/** What a job does: `begin` answers with a new run, or with null when none is to begin. */
export type Work<Run extends RunState> = {
  job: Job['job']
  runs: RunStore<Run>
  begin(before: Run | null): Promise<Run | null>
  step(run: Run): Promise<Stepped<Run>>
}

/** A run of which nobody has heard for so long has lost the message that was to go on with it. */
export const LOST_MS = 20 * 60_000

/**
 * Goes on with a run, or begins one: works until time or budget runs short, saves, and sends itself on. What a step has found
 * is on the queue before the step is saved, so a crash repeats the step and loses nothing.
 */
export async function work<Run extends RunState>(
  { job, runs, begin, step }: Work<Run>,
  message: Job,
  services: SyncServices,
): Promise<void> {
  const { clock, connection, endsAt, log, parts } = services
  const found = await loaded({ job, runs }, message, services)
  if (found.kind === 'stopped') return
  const { stored } = found
  const now = clock.now()
  if (stored !== null && stored.heldUntil > now) {
    // Somebody is at it and will go on by himself; who died of it left a message that comes back after him.
    log.info('A run is at work already', { job, connection: connection.name, run: stored.run })
    return
  }
  const isOpen = stored !== null && stored.endedAt === null
  let taken: Run | null = null
  if (message.run !== undefined) {
    if (!isOpen || stored.run !== message.run) return
    taken = stored
  } else if (isOpen && stored.heldUntil === 0 && stored.updatedAt > now - LOST_MS) {
    // Given back, so a message is under way that goes on with it.
    return
  } else {
    taken = isOpen ? stored : await begin(stored)
    if (taken === null) return
  }
  let run = await runs.save({ ...taken, heldUntil: endsAt, updatedAt: now })
  if (run === null) return
  if (job !== 'guard') {
    // Only who has the run: of many that begin at once one is saved, and the others must not take its parts from it.
    await parts.begin(job, run.run)
    await parts.forgetAbove(job, run.run, run.parts)
  }
  for (;;) {
    const stepped = (await isPaused(services))
      ? { run, next: waitFor(pausedAt(clock.now()), clock.now()) }
      : await step(run)
    const at = clock.now()
    const why = stepped.next.kind === 'wait' ? stepped.next.why : null
    const isLast = stepped.next.kind !== 'on' || at >= services.stepUntil
    const saved: Run | null = await runs.save({
      ...stepped.run,
      updatedAt: at,
      heldUntil: isLast ? 0 : endsAt,
      endedAt: stepped.next.kind === 'over' ? at : null,
      note: why ?? stepped.run.remark,
    })
    if (saved === null) {
      log.warn('A run was taken over by somebody else', { job, connection: connection.name, run: run.run })
      return
    }
    run = saved
    if (stepped.next.kind === 'over') return
    if (isLast) {
      const delayMs = stepped.next.kind === 'wait' ? Math.max(0, stepped.next.until - at) : 0
      await services.sendJob({ job, connection: connection.name, run: run.run, reason: message.reason }, delayMs / 1000)
      return
    }
  }
}

const isPaused = async ({ pause }: Pick<SyncServices, 'pause'>) => (await pause.look()).since !== null
const pausedAt = (now: number) => ({ kind: 'paused', until: now + LOOK_AGAIN_MS }) as const

type Loaded<Run> = { kind: 'loaded'; stored: Run | null } | { kind: 'stopped' }

/**
 * Where a run stands. What cannot be read would fail again and again: a sweep and a census begin anew, and a backfill, which
 * takes hours, only when somebody asks for it.
 */
async function loaded<Run extends RunState>(
  { job, runs }: Pick<Work<Run>, 'job' | 'runs'>,
  message: Job,
  { connection: { name: connection }, log }: SyncServices,
): Promise<Loaded<Run>> {
  try {
    return { kind: 'loaded', stored: await runs.load() }
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
  }
  const isAsked = message.reason === 'asked' && message.run === undefined
  if (job === 'backfill' && !isAsked) {
    log.error('Where the backfill stands cannot be read, so it has stopped: begin it anew with hookline backfill', {
      connection,
    })
    return { kind: 'stopped' }
  }
  await runs.setAside()
  log.error(`Where the ${job} stands cannot be read: it was set aside, and the ${job} begins anew`, { connection })
  return { kind: 'loaded', stored: null }
}

/** ClickUp is asked again no sooner than this when it does not say when. */
const DOWN_MS = 60_000
const DEAD_MS = 300_000

/** What a fault means for a run: when to go on, and why it waits. */
export function waitFor(fault: Exclude<Fault, { kind: 'gone' | 'noAccess' | 'invalid' }>, now: number): Next {
  switch (fault.kind) {
    case 'rateLimited':
      return { kind: 'wait', until: Math.max(fault.until, now + 1_000), why: null }
    case 'unavailable':
      return { kind: 'wait', until: Math.max(fault.until ?? 0, now + DOWN_MS), why: 'ClickUp does not answer' }
    case 'noToken':
      return { kind: 'wait', until: now + DEAD_MS, why: 'the token cannot be read' }
    case 'tokenDead':
      return { kind: 'wait', until: Math.max(fault.until ?? 0, now + DEAD_MS), why: 'ClickUp refuses the token' }
    case 'paused':
      return { kind: 'wait', until: fault.until, why: 'Hookline is paused' }
    case 'outOfTime':
      return { kind: 'wait', until: now, why: null }
  }
}
