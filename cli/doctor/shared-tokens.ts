import { ListSecretsCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { fewAtOnce } from '../../core/platform/few-at-once.ts'
import { secretsManagerSource } from '../../core/secrets/store.ts'
import { parseTokenSecret } from '../../core/secrets/token.ts'

/** Every token secret of a stage and a connection: `hookline/{stage}/{connection}/token`. */
const TOKEN_NAME = /^hookline\/[^/]+\/[^/]+\/token$/

/**
 * Names of the other token secrets in this account that hold the same token as `own`, and how many could be compared. One that
 * cannot be read is not compared: whoever looks at a stage may have no right to read another's.
 */
export async function sharedWith(
  client: SecretsManagerClient,
  own: string,
): Promise<{ names: string[]; compared: number }> {
  const read = secretsManagerSource(client)
  const tokenIn = async (name: string) => parseTokenSecret(await read(name)).token
  const token = await tokenIn(own)
  const others = (await tokenNames(client)).filter((name) => name !== own)
  const names: string[] = []
  let compared = 0
  await fewAtOnce(others, async (name) => {
    const other = await tokenIn(name).catch(() => undefined)
    if (other === undefined) return
    compared += 1
    if (token !== null && other === token) names.push(name)
  })
  return { names: names.sort(), compared }
}

async function tokenNames(client: SecretsManagerClient): Promise<string[]> {
  const names: string[] = []
  let NextToken: string | undefined
  do {
    const answer = await client.send(
      new ListSecretsCommand({ NextToken, Filters: [{ Key: 'name', Values: ['hookline/'] }] }),
    )
    names.push(...(answer.SecretList ?? []).flatMap(({ Name = '' }) => (TOKEN_NAME.test(Name) ? Name : [])))
    NextToken = answer.NextToken
  } while (NextToken !== undefined)
  return names
}
