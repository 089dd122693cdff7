import type { Case } from './cases.ts'
import { messageOf } from './trial.ts'
import { HOSTILE } from './values.ts'
import type { QueueMessage } from './world.ts'

const GOOD = JSON.stringify({
  event: 'taskStatusUpdated',
  task_id: 'none',
  history_items: [{ id: '1', field: 'comment', date: '1788768000000', after: '1', comment: { text_content: 'x' } }],
})

/** Bodies that are no delivery from the first letter on. */
const BODIES: Record<string, string> = {
  ...Object.fromEntries(Object.entries(HOSTILE).flatMap(([what, value]) => (value ? [[what, value.raw]] : []))),
  'no JSON': 'hello',
  'a space': ' ',
  'half of JSON': GOOD.slice(0, -9),
  'two values': `${GOOD}${GOOD}`,
  HTML: '<!doctype html><title>502 Bad Gateway</title>',
  'nearly a megabyte of JSON': `{"event":"taskUpdated","task_id":"none","x":"${'x'.repeat(1_000_000)}"}`,
  'nearly a megabyte of brackets': '['.repeat(1_000_000),
  'six hundred changes of one task': JSON.stringify({
    event: 'taskUpdated',
    task_id: 'many',
    history_items: Array.from({ length: 600 }, (_, i) => ({
      id: String(i),
      field: `field ${i}`,
      date: '1788768000000',
    })),
  }),
}

/** What may stand in an attribute's text. SQS carries no empty one. */
const TEXTS: readonly string[] = [
  ...['x', '0', '-1', '1.5', '1e9', '999999999999999', '9999999999999999', 'NaN', 'null', '__proto__', 'a#b', 'MAIN'],
  ...['a'.repeat(300), '０', ' main', 'main\n', 'other', 'text', 'base64', 'slim', 'errand', 'found', 'canary', '{}'],
]
const NAMES = [
  'connection',
  'slot',
  'receivedAt',
  'encoding',
  'attempts',
  'deliveryId',
  'resentAt',
  'unheardOf',
] as const

export function messageCases(): Case[] {
  const bodies = Object.entries(BODIES).map(([what, body]): Case => {
    const name = `message: the body is ${what}`
    return { name, make: () => ({ name, message: messageOf(body), answers: {} }) }
  })
  const encodings = ['base64', 'slim', 'errand', 'found', 'canary', 'nothing'].flatMap((encoding) =>
    Object.entries(BODIES).map(([what, body]): Case => {
      const name = `message: ${encoding} of ${what}`
      return { name, make: () => ({ name, message: withText(messageOf(body), 'encoding', encoding), answers: {} }) }
    }),
  )
  const attributes = NAMES.flatMap((attribute) => [
    attributeCase(attribute, 'missing', undefined),
    ...TEXTS.map((text) => attributeCase(attribute, JSON.stringify(text.slice(0, 20)), text)),
  ])
  return [...bodies, ...encodings, ...attributes]
}

function attributeCase(attribute: string, what: string, text: string | undefined): Case {
  const name = `message: the attribute ${attribute} is ${what}`
  return { name, make: () => ({ name, message: withText(messageOf(GOOD), attribute, text), answers: {} }) }
}

function withText({ body, attributes }: QueueMessage, name: string, text: string | undefined): QueueMessage {
  const { [name]: _before, ...others } = attributes
  return {
    body,
    attributes: text === undefined ? others : { ...others, [name]: { DataType: 'String', StringValue: text } },
  }
}
