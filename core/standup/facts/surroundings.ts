import * as z from 'zod'
import { loadConnection } from '../../clickup/connection-record.ts'
import { type Hierarchy, loadHierarchy } from '../../sync/hierarchy.ts'
import { loadMembers, type Member } from '../../sync/members.ts'
import { readable, sweepRuns } from '../../sync/run-store.ts'
import type { TasksTable } from '../../tasks/list.ts'

/** What is known of a workspace beside its tasks. */
export type Surroundings = {
  hierarchy: Hierarchy | null
  members: readonly Member[]
  /** The workspace's name. */
  workspace: string | null
  /** Everything recoverable before it is in the ledger (ms since 1970); null where no sweep has told. */
  watermark: number | null
  unreadable: number
}

/** Reads it from the state table. What cannot be read is done without and counted. */
export async function readSurroundings(state: TasksTable, connection: string): Promise<Surroundings> {
  let unreadable = 0
  async function read<Value>(loading: Promise<Value>): Promise<Value | null> {
    try {
      return await loading
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error
      unreadable += 1
      return null
    }
  }
  const [hierarchy, members, record, sweep] = await Promise.all([
    read(loadHierarchy(state, connection)),
    read(loadMembers(state, connection)),
    read(loadConnection(state, connection)),
    readable(sweepRuns(state, connection)),
  ])
  return {
    hierarchy,
    members: members?.members ?? [],
    workspace: record?.workspaceName ?? null,
    // It begins with 0, and then promises nothing.
    watermark: sweep?.watermark || null,
    unreadable: unreadable + (hierarchy?.unreadable?.length ?? 0),
  }
}
