import type { SlotSecret } from '../../guard/signing-store.ts'
import { SIGNATURE_HEADER, sign } from '../../ingest/signature.ts'
import { canaryDelivery } from '../../ingest/test-delivery.ts'
import type { Slot } from '../../platform/connections.ts'
import { fail, pass, type Said, skip } from '../finding.ts'
import type { DoctorServices, Patient } from '../services.ts'

const SLOTS: readonly Slot[] = ['a', 'b']
/** What the verifier answers to whoever cannot sign. */
const REFUSED = 403
/** ClickUp gives up after seven. */
const WAITS_MS = 30_000
const LOOKS_EVERY_MS = 500

/** To try from another machine what is tried from here: the one place that counts is outside. */
const curlOf = (url: string) => `curl -i -X POST -d '{}' ${url}`

/** Whether the address answers, and refuses what is not signed. */
export async function publicUrl({ looks }: Patient): Promise<Said> {
  const url = looks.url('a')
  const status = await looks.post(url, { 'content-type': 'application/json' }, '{}')
  if (status === REFUSED) return pass(`It answers and refuses what is not signed. From elsewhere: ${curlOf(url)}`)
  const advice = `Try it from outside: ${curlOf(url)} has to answer 403. See the API's access log, and the domain's DNS if it is your own.`
  if (status === null) return fail(`Nothing answers at ${url}.`, advice)
  return fail(`${url} answers ${status} to what is not signed, and not ${REFUSED}.`, advice)
}

/** Whether a signed delivery comes through the public address into the ledger; its mark is removed. */
export async function testDelivery(
  { looks, record }: Patient,
  { clock, sleep, nonce, status: { pause } }: DoctorServices,
): Promise<Said> {
  if (record.mode === 'poll') return skip('The connection does without webhooks, by choice.')
  const { slots } = await looks.signing()
  const found = SLOTS.flatMap((slot) => entryOf(slot, slots[slot]))
  const [first] = found.toSorted((a, b) => Number(b.secret.state === 'active') - Number(a.secret.state === 'active'))
  if (first === undefined)
    return fail('No signing secret is stored.', 'Connect ClickUp: npx hookline connect makes the webhook.')
  const id = nonce()
  const body = canaryDelivery(first.secret.webhookId ?? '', id)
  const headers = {
    'content-type': 'application/json',
    [SIGNATURE_HEADER]: sign(Buffer.from(body), first.secret.secret),
  }
  const began = clock.now()
  const answer = await looks.post(looks.url(first.slot), headers, body)
  if (answer !== 200)
    return fail(
      answer === null ? 'A signed test delivery was not answered.' : `A signed test delivery was answered ${answer}.`,
      adviceFor(answer),
    )
  if (pause !== null && pause.since !== null)
    return pass('It is accepted; while Hookline is paused it waits in the queue.')
  const waited = await untilThere(looks, id, { clock, sleep })
  if (waited === null)
    return fail(
      `It was accepted, and is not in the ledger after ${WAITS_MS / 1000} s.`,
      'See whether the queue is worked off (npx hookline status) and what the consumer logs: the saved query FailedMessages.',
    )
  await looks.mark.remove(id)
  return pass(`From the public address to the ledger in ${clock.now() - began} ms, and removed.`)
}

function adviceFor(answer: number | null): string {
  if (answer === REFUSED)
    return 'The verifier knows another secret than the one stored: run npx hookline rotate signing, and see whether it can read the secret.'
  if (answer === null || answer >= 500)
    return 'The saved query UnansweredDeliveries says why: the queue or the secret cannot be reached, or the verifier ends with an error (Crashes).'
  return 'That is no answer of the verifier’s: see the API’s access log, its throttling, and what stands before it.'
}

const entryOf = (slot: Slot, secret: SlotSecret | undefined) => (secret === undefined ? [] : [{ slot, secret }])

async function untilThere(
  { mark }: Patient['looks'],
  id: string,
  { clock, sleep }: Pick<DoctorServices, 'clock' | 'sleep'>,
): Promise<number | null> {
  const began = clock.now()
  while (clock.now() - began < WAITS_MS) {
    if (await mark.isThere(id)) return clock.now() - began
    await sleep(LOOKS_EVERY_MS)
  }
  return null
}
