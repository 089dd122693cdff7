import type { Random } from '../../../clickup/random.ts'
import type { VirtualTime } from '../../time.ts'

type Attributes = Readonly<Record<string, { DataType: string; StringValue: string }>>

export type Message = { readonly id: string; readonly body: string; readonly attributes: Attributes }

/** A message as it is handed out: valid until its receipt is another one. */
export type Received = Message & {
  receipt: string
  receives: number
  sentAt: number
  firstReceivedAt: number
}

type Held = Message & {
  sentAt: number
  receives: number
  firstReceivedAt: number
  receipt: string | null
  /** Calls off its next appearance. */
  unhide: () => void
}

export type QueueSettings = {
  visibilitySeconds: number
  /** What a message that was received so often and not deleted is moved to. */
  redrive?: { maxReceives: number; to: (message: Message) => void }
}

/** A standard queue: at least once, in about the order of sending. */
export type Queue = {
  /** Answers with its id. */
  send(body: string, attributes: Attributes, delaySeconds: number): string
  receive(most: number): Received[]
  /** `false` for a receipt that is not valid (any more). */
  delete(receipt: string): boolean
  changeVisibility(receipt: string, seconds: number): boolean
  /** Everything that it holds: visible, delayed or in flight. */
  size(): number
  visible(): number
  /** Calls `act` whenever a message appears. */
  onAppear(act: () => void): void
}

/** A message overtakes so many others at the most. */
const DISORDER = 16

export function createQueue(
  { visibilitySeconds, redrive }: QueueSettings,
  { time, random }: { time: VirtualTime; random: Random },
): Queue {
  const messages = new Set<Held>()
  const inFlight = new Map<string, Held>()
  const listeners: (() => void)[] = []
  /** Those that can be received, from `first` on. */
  let visible: Held[] = []
  let first = 0
  let count = 0

  function appear(message: Held): void {
    if (message.receipt !== null) inFlight.delete(message.receipt)
    message.receipt = null
    visible.push(message)
    for (const act of listeners) act()
  }

  function hide(message: Held, seconds: number): void {
    message.unhide()
    message.unhide = time.schedule(time.now() + seconds * 1000, () => appear(message))
  }

  function next(): Held | undefined {
    const chosen = first + random.int(0, Math.min(DISORDER, visible.length - first) - 1)
    const [message, head] = [visible[chosen], visible[first]]
    if (message === undefined || head === undefined) return undefined
    visible[chosen] = head
    first += 1
    if (first * 2 > visible.length) {
      visible = visible.slice(first)
      first = 0
    }
    return message
  }

  function receive(most: number): Received[] {
    const received: Received[] = []
    while (received.length < most && visible.length > first) {
      const message = next()
      if (message === undefined) break
      if (redrive !== undefined && message.receives >= redrive.maxReceives) {
        messages.delete(message)
        redrive.to(message)
        continue
      }
      message.receives += 1
      if (message.firstReceivedAt === 0) message.firstReceivedAt = time.now()
      const receipt = `${message.id} ${message.receives}`
      message.receipt = receipt
      inFlight.set(receipt, message)
      hide(message, visibilitySeconds)
      const { id, body, attributes, receives, sentAt, firstReceivedAt } = message
      received.push({ id, body, attributes, receipt, receives, sentAt, firstReceivedAt })
    }
    return received
  }

  return {
    send(body, attributes, delaySeconds) {
      count += 1
      const id = `message-${count}`
      const fresh = { sentAt: time.now(), receives: 0, firstReceivedAt: 0, receipt: null, unhide: () => undefined }
      const message: Held = { id, body, attributes, ...fresh }
      messages.add(message)
      if (delaySeconds === 0) appear(message)
      else hide(message, delaySeconds)
      return id
    },
    receive,
    delete(receipt) {
      const message = inFlight.get(receipt)
      if (message === undefined) return false
      message.unhide()
      inFlight.delete(receipt)
      messages.delete(message)
      return true
    },
    changeVisibility(receipt, seconds) {
      const message = inFlight.get(receipt)
      if (message === undefined) return false
      hide(message, seconds)
      return true
    },
    size: () => messages.size,
    visible: () => visible.length - first,
    onAppear: (act) => void listeners.push(act),
  }
}
