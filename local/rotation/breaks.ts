import { ENV } from '../../core/platform/env-names.ts'
import type { AwsGateway } from '../aws/gateway.ts'
import type { RunningStack } from '../stack/stack.ts'
import type { Break } from './options.ts'

/** What the functions are told of the verifiers' cache: that it holds nothing, so that nobody waits for it. */
export const brokenEnvironment = (what: Break | null): Record<string, string> =>
  what === 'cache' ? { [ENV.signingCache]: JSON.stringify({ lifeMs: 0, refreshEveryMs: 0 }) } : {}

/** Tells verifiers for ever what the signing secret was when this began, as if they never read it again. */
export function freezeCache(
  gateway: Pick<AwsGateway, 'intercept'>,
  { functions }: Pick<RunningStack, 'functions'>,
  { secretId, version }: { secretId: string; version: string },
): void {
  const verifier = functions.find(({ name }) => name.endsWith('-verifier'))
  gateway.intercept(({ accessKeyId, action }) =>
    accessKeyId === verifier?.accessKeyId && action === 'secretsmanager:GetSecretValue'
      ? { SecretId: secretId, VersionId: version }
      : undefined,
  )
}
