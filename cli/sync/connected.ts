import * as z from 'zod'
import { type ConnectionRecord, loadConnection } from '../../core/clickup/connection-record.ts'
import { connectionOf } from '../connect/examine.ts'
import { Failure } from '../failure.ts'
import type { Target } from '../target.ts'

/** The connection by name, or the only one, that was made. @throws Failure for one that was not: no job of it would begin */
export async function connectedOf(
  target: Target,
  wanted: string | undefined,
): Promise<{ connection: string; record: ConnectionRecord }> {
  const connection = connectionOf(target, wanted)
  const record = await loadConnection({ dynamo: target.dynamo, table: target.tables.state }, connection).catch(
    (error: unknown) => {
      if (error instanceof z.ZodError) return null
      throw error
    },
  )
  if (record !== null) return { connection, record }
  throw new Failure(`${connection} is not connected (${target.label}): run npx hookline connect first.`)
}
