import * as z from 'zod'
import { CALL_LIMITS } from '../../core/platform/aws/limits.ts'
import { secretsClient } from '../../core/platform/aws/secrets.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { nameSchema } from '../../core/platform/connections.ts'
import { parseEnv } from '../../core/platform/env.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { createLogger } from '../../core/platform/log.ts'
import { cached } from '../../core/secrets/cached.ts'
import { secretsManagerSource } from '../../core/secrets/store.ts'
import { forEachEvent } from '../subscriber.ts'
import { createAnnounce } from './announce.ts'
import { slackSecretName } from './subscription.ts'

const MINUTE = 60_000
const CACHE = { lifeMs: 5 * MINUTE, staleMs: 60 * MINUTE, pauseMs: 10_000, refreshEveryMs: 30_000 }

function build() {
  const { [ENV.stage]: stage } = parseEnv({ [ENV.stage]: nameSchema })
  const read = secretsManagerSource(secretsClient(CALL_LIMITS.worker))
  const urls = cached(async (name) => z.url().parse((await read(name)).trim()), { clock: systemClock, ...CACHE })
  const announce = createAnnounce({
    url: () => urls.get(slackSecretName(stage)),
    fetch: (url, init) => fetch(url, init),
  })
  return { announce, log: createLogger('slack-on-done') }
}

let built: ReturnType<typeof build> | undefined

export const handler = async (batch: unknown) => {
  // A failure to build is not remembered, so that every invocation says what is wrong.
  built ??= build()
  return forEachEvent(batch, built.announce, built.log)
}
