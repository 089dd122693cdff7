import { bothWays, type Case, delivery, request } from './case.ts'

const AROUND = JSON.stringify(delivery({ note: '@@' }))
/** A delivery with bytes in the middle of one of its texts. */
const within = (...bytes: number[]): Buffer => {
  const [before = '', after = ''] = AROUND.split('@@')
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)])
}
const text = () => JSON.stringify(delivery())

const BODIES: Record<string, () => string | Buffer> = {
  'a byte that no UTF-8 has': () => within(0xff),
  'a cut-off sequence': () => within(0xe2, 0x82),
  'an overlong slash': () => within(0xc0, 0xaf),
  'half a surrogate pair as bytes': () => within(0xed, 0xa0, 0x80),
  'a character above U+10FFFF': () => within(0xf4, 0x90, 0x80, 0x80),
  'a NUL': () => within(0),
  'control characters': () => within(1, 8, 0x0b, 0x1b, 0x7f),
  'the noncharacters U+FFFE and U+FFFF': () => within(0xef, 0xbf, 0xbe, 0xef, 0xbf, 0xbf),
  'half a surrogate pair as an escape': () => AROUND.replace('@@', '\\ud83d'),
  'a NUL as an escape': () => AROUND.replace('@@', '\\u0000'),
  'a letter outside the basic plane': () => AROUND.replace('@@', '😀'),
  'a byte order mark': () => Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from(text())]),
  'UTF-16, little end first': () => Buffer.from(`\ufeff${text()}`, 'utf16le'),
  'UTF-16, big end first': () => Buffer.from(`\ufeff${text()}`, 'utf16le').swap16(),
  'UTF-32': () => Buffer.concat([...text()].map((letter) => Buffer.of(0, 0, 0, letter.charCodeAt(0)))),
  'a gzip of itself': () => Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3),
  'every byte there is': () => Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
}

/** What base64 may look like; Node reads all of them, so it is the signature that decides. */
const SPELLINGS: Record<string, (base64: string) => string> = {
  'with line breaks': (base64) => base64.replace(/.{76}/g, '$&\r\n'),
  'without its padding': (base64) => base64.replace(/=+$/, ''),
  'for URLs': (base64) => base64.replaceAll('+', '-').replaceAll('/', '_'),
  'with letters that it does not have': (base64) => `${base64.slice(0, 40)}!${base64.slice(40)}`,
  'that ends in the middle': (base64) => base64.slice(0, -7),
  twice: (base64) => Buffer.from(base64).toString('base64'),
}

/** Flags that are none: only `true` is. */
const FLAGS: readonly unknown[] = ['true', 'false', 1, 0, null, {}, []]

export function encodingCases(): Case[] {
  const encoded = Object.entries(BODIES).flatMap(([kind, body]) => bothWays(`encoding: ${kind}`, body))
  const spelt = Object.entries(SPELLINGS).map(
    ([how, spell]): Case => ({
      name: `encoding: base64 ${how}`,
      make: () => {
        const { event, ...rest } = request(within(0xff), {})
        return { ...rest, event: { ...event, body: spell(event.body) }, expected: ['accepted', 'refused'] }
      },
    }),
  )
  const flagged = FLAGS.flatMap((flag): Case[] => [
    {
      name: `encoding: text with the flag ${JSON.stringify(flag)}`,
      make: () => {
        const { event, ...rest } = request(text())
        return { ...rest, event: { ...event, isBase64Encoded: flag }, expected: ['accepted'] }
      },
    },
    {
      name: `encoding: base64 with the flag ${JSON.stringify(flag)}`,
      make: () => {
        const { event, ...rest } = request(Buffer.from(text()))
        return { ...rest, event: { ...event, isBase64Encoded: flag }, expected: ['refused'] }
      },
    },
  ])
  const mistaken: Case = {
    name: 'encoding: text that is flagged as base64',
    make: () => {
      const { event, ...rest } = request(text())
      return { ...rest, event: { ...event, isBase64Encoded: true }, expected: ['refused'] }
    },
  }
  return [...encoded, ...spelt, ...flagged, mistaken]
}
