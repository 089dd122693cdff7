import { randomUUID } from 'node:crypto'
import type { ClickUp } from '../../core/clickup/client.ts'
import { createWebhooks } from '../../core/clickup/webhooks.ts'
import { waitsOf } from '../../core/guard/make.ts'
import { jsonVariable, parseEnv } from '../../core/platform/env.ts'
import { ENV } from '../../core/platform/env-names.ts'
import { signingSecretName, tokenSecretName, webhookUrl } from '../../core/platform/names.ts'
import type { Patience } from '../../core/rotation/patience.ts'
import { createReplace, type Replace } from '../../core/rotation/replace.ts'
import type { Rotated } from '../../core/rotation/report.ts'
import { createReporter } from '../../core/rotation/reporter.ts'
import { rotationSettingsSchema } from '../../core/rotation/settings.ts'
import { orPaused } from '../../core/rotation/stage-paused.ts'
import { createVersions } from '../../core/secrets/versions.ts'
import { createGapStore } from '../../core/sync/gaps.ts'
import type { Asking } from './clickup.ts'
import type { WorkerPlatform } from './platform.ts'
import { createPost } from './post.ts'
import { webhookWorker } from './webhook-worker.ts'

/** What both functions that rotate are made of. */
export type Rotating = ReturnType<typeof buildRotating>

const SECRET_NAME = { signing: signingSecretName, token: tokenSecretName }

/** Wires what rotates secrets of a kind from its environment. @throws Error that says which variable is wrong. */
export function buildRotating(
  rotated: Rotated,
  source: Record<string, string | undefined> = process.env,
  given?: WorkerPlatform,
) {
  const worker = webhookWorker(`rotate-${rotated}`, source, given)
  const { stage, platform, state, clickups, apiUrl, cache, sendJob, sendGuard, signingOf } = worker
  const settings = parseEnv({ [ENV.rotationSettings]: jsonVariable(rotationSettingsSchema) }, source)
  const { clock, log, metrics, sleep } = platform
  const patienceUntil = (deadline: number): Patience => ({ sleep, deadline })

  return {
    ...{ rotated, clock, log, metrics, state, signingOf, patienceUntil, pause: clickups.pause },
    /** Whose secret it is, by its ARN; undefined for one that is none of this kind. */
    connectionOf: (secretId: string): string | undefined => {
      // An ARN ends with a dash and six random letters after the name.
      const name = secretId.replace(/^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:(.*)-[^-]{6}$/, '$1')
      return worker.connections.find((connection) => SECRET_NAME[rotated](stage, connection) === name)
    },
    versionsOf: (secretId: string) => createVersions(platform.secrets, secretId, sleep),
    reporterOf: (connection: string) => createReporter(state, connection, rotated, clock),
    clickupOf: (connection: string, asking: Omit<Asking, 'lane'>) =>
      orPaused(clickups.of(connection, { ...asking, lane: 'control' })),
    /** Replaces the connection's webhook; `clickup` asks by the token of the user whose the new one is. */
    replaceOf: (connection: string, { deadline, clickup, workspaceId, ...users }: Replacing): Replace =>
      createReplace({
        ...{ connection, state, clock, log, sendJob, sendGuard, ...users },
        api: createWebhooks(clickup, workspaceId),
        signing: signingOf(connection),
        urls: {
          a: webhookUrl(apiUrl, connection, 'a'),
          b: webhookUrl(apiUrl, connection, 'b'),
        },
        gaps: createGapStore(state),
        post: createPost(platform),
        nonce: randomUUID,
        holder: randomUUID(),
        waits: waitsOf(cache),
        overlapMs: settings[ENV.rotationSettings].overlapMs,
        patience: patienceUntil(deadline),
      }),
  }
}

type Replacing = {
  clickup: Pick<ClickUp, 'get' | 'send'>
  workspaceId: string
  userId: string
  /** Whose webhook is replaced. */
  formerUserId: string
  /** When every call and every wait must have ended, ms since 1970. */
  deadline: number
}
