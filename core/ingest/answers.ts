/**
 * What ClickUp is told. Anything but a 2xx within 7 seconds counts as a failure: five tries, then that event is gone for
 * ever, and after 100 such losses the webhook is suspended. A 401 or a 410 suspends it at once, so neither may ever be
 * among these (https://developer.clickup.com/docs/webhookhealth).
 */
export const ANSWERS = {
  /** It is on the queue. A duplicate gets this answer too: only the ledger can tell. */
  accepted: { status: 200, body: { status: 'accepted' } },
  /** It is genuine and was left out on purpose: a failure would make ClickUp send it again. */
  filtered: { status: 200, body: { status: 'filtered' } },
  /** It is genuine and our own: whoever rotates a secret asks whether it verifies here. */
  tested: { status: 200, body: { status: 'tested' } },
  /** Whatever is not known to be from ClickUp. One body for all reasons, so that nobody learns which slots there are. */
  refused: { status: 403, body: { error: 'refused' } },
  /** Larger than anything we read. */
  tooLarge: { status: 413, body: { error: 'too large' } },
  /** Our fault: ClickUp shall use its further tries. */
  unavailable: { status: 503, body: { error: 'try again' } },
} as const

export type Answer = (typeof ANSWERS)[keyof typeof ANSWERS]
