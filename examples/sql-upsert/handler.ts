import { CALL_LIMITS } from '../../core/platform/aws/limits.ts'
import { secretsClient } from '../../core/platform/aws/secrets.ts'
import { nameSchema } from '../../core/platform/connections.ts'
import { parseEnv } from '../../core/platform/env.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { createLogger } from '../../core/platform/log.ts'
import type { ChangeEvent } from '../../core/publish/index.ts'
import { secretsManagerSource } from '../../core/secrets/store.ts'
import { forEachEvent } from '../subscriber.ts'
import { postgres, type Sql } from './sql.ts'
import { databaseSecretName } from './subscription.ts'
import { upsertTask } from './upsert.ts'

function build() {
  const { [ENV.stage]: stage } = parseEnv({ [ENV.stage]: nameSchema })
  const read = secretsManagerSource(secretsClient(CALL_LIMITS.worker))
  let sql: Sql | undefined
  return {
    log: createLogger('sql-upsert'),
    async act(event: ChangeEvent): Promise<void> {
      sql ??= postgres((await read(databaseSecretName(stage))).trim())
      const used = sql
      try {
        await upsertTask(used, event)
      } catch (error) {
        // The password may have been rotated: the next event reads the secret again.
        sql = undefined
        await used.close().catch(() => undefined)
        throw error
      }
    },
  }
}

let built: ReturnType<typeof build> | undefined

export const handler = async (batch: unknown) => {
  // A failure to build is not remembered, so that every invocation says what is wrong.
  built ??= build()
  return forEachEvent(batch, built.act, built.log)
}
