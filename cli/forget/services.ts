import { loadConnection } from '../../core/clickup/connection-record.ts'
import type { ForgetServices } from '../../core/forget/forget.ts'
import type { Subject } from '../../core/forget/subject.ts'
import { createPace } from '../../core/platform/pace.ts'
import { loadMembers } from '../../core/sync/members.ts'
import { connectionOf } from '../connect/examine.ts'
import { Failure } from '../failure.ts'
import { type Io, sleepOf } from '../io.ts'
import type { Target } from '../target.ts'
import type { ForgetChoice } from './choice.ts'

export async function servicesOf(io: Io, target: Target, { connection, rate }: ForgetChoice): Promise<ForgetServices> {
  const bucket = await target.archiveBucket()
  return {
    ...{ dynamo: target.dynamo, tables: target.tables },
    archive: bucket === null ? null : { s3: await target.more.s3(), bucket },
    pace: createPace({ perMinute: rate * 60, clock: { now: io.now }, sleep: sleepOf(io) }),
    connections: connection === undefined ? target.connections : [connectionOf(target, connection)],
    progress: ({ read }) => io.progress?.(`${read} items read`),
  }
}

/**
 * How somebody stands to the connections.
 * @throws Failure for the user whose token a connection uses: without knowing who that is, it cannot tell its own changes
 */
export async function standingOf(
  { dynamo, tables }: Target,
  connections: readonly string[],
  { kind, id }: Subject,
): Promise<{ isMember: boolean }> {
  if (kind === 'task') return { isMember: false }
  const state = { dynamo, table: tables.state }
  let isMember = false
  for (const connection of connections) {
    const [record, members] = await Promise.all([loadConnection(state, connection), loadMembers(state, connection)])
    if (record?.userId === id)
      throw new Failure(
        `The connection ${connection} uses the token of user ${id}: give it another one first, with npx hookline rotate token --takeover.`,
      )
    isMember ||= members?.members.some((member) => member.id === id) === true
  }
  return { isMember }
}
