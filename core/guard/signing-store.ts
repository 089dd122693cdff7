import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { Slot } from '../platform/connections.ts'
import { parseSigningSecret, type SigningSecret } from '../secrets/signing.ts'
import { type VersionedSecret, versionedSecrets } from '../secrets/store.ts'
import { replaceCurrent } from '../secrets/versions.ts'

export type SlotSecret = NonNullable<SigningSecret['slots'][Slot]>

export type SigningStore = {
  read(): Promise<SigningSecret>
  /**
   * Stores what a slot holds, null for nothing, and leaves the other slot as it is.
   * Only for whoever has the lock of the webhooks: Secrets Manager knows no conditional write.
   * @throws Error when another version is current afterwards: somebody writes without the lock
   */
  put(slot: Slot, entry: SlotSecret | null): Promise<void>
  /** Stores both slots at once, for the same callers and with the same error. */
  store(signing: SigningSecret): Promise<void>
}

const READS_BACK = 4
const PAUSE_MS = 250

/** The signing secret of a connection, by the name of its secret. */
export function createSigningStore(
  client: SecretsManagerClient,
  name: string,
  sleep: (ms: number) => Promise<void>,
): SigningStore {
  const source = versionedSecrets(client)

  async function write(signing: SigningSecret, before: VersionedSecret): Promise<void> {
    const text = JSON.stringify(signing)
    await replaceCurrent(client, name, text, before)
    // What was written a moment ago may not be everywhere yet.
    for (let tries = 1; (await source(name)).text !== text; tries += 1) {
      if (tries === READS_BACK) throw new Error(`The secret ${name} was changed by somebody else at the same time`)
      await sleep(PAUSE_MS)
    }
  }

  return {
    read: async () => parseSigningSecret((await source(name)).text),
    store: async (signing) => write(signing, await source(name)),
    async put(slot, entry) {
      const before = await source(name)
      const signing = parseSigningSecret(before.text)
      const slots = { ...signing.slots }
      if (entry === null) delete slots[slot]
      else slots[slot] = entry
      await write({ ...signing, slots }, before)
    },
  }
}
