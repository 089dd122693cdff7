import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Fetch } from '../../core/upstream/exchange.ts'

export class Died extends Error {}

export type DyingPorts = { fetch: Fetch; dynamo: DynamoDBDocumentClient; secrets: SecretsManagerClient }

/**
 * The ports of a process that dies at its nth call, before it reaches anybody or before its answer is heard; whatever it still
 * tries comes to nothing. `through`: for ports that are none of these.
 */
export function dyingAt(
  { dynamo, secrets }: Omit<DyingPorts, 'fetch'>,
  last: number,
  when: 'before' | 'after',
): { ports: DyingPorts; through: <Result>(call: () => Promise<Result>) => Promise<Result>; died(): boolean } {
  let calls = 0
  const through = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    calls += 1
    if (calls > last || (calls === last && when === 'before')) throw new Died()
    const result = await call()
    if (calls === last) throw new Died()
    return result
  }
  const dying = <Client extends object>(client: Client): Client =>
    new Proxy(client, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key)
        if (key !== 'send' || typeof value !== 'function') return value
        return (...args: unknown[]) => through(async () => Reflect.apply(value, target, args))
      },
    })
  return {
    ports: { dynamo: dying(dynamo), secrets: dying(secrets), fetch: (url, init) => through(() => fetch(url, init)) },
    through,
    died: () => calls >= last,
  }
}
