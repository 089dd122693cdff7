import type { lintSource } from '@secretlint/core'
import { SECRET_SHAPES } from '../../core/platform/secret-shapes.ts'

type Configured = Parameters<typeof lintSource>[0]['options']['config']['rules'][number]
type Rule = Extract<Configured['rule'], { messages: unknown }>

/** By the word before it, and by being too long and mixed for an example. */
const NAMED =
  /(?:\bbearer\s+|\b(?:access_token|client_secret)\\?["']?\s*[:=]\s*\\?["']?)(?=[\w.~+/-]*\d)[\w.~+/-]{20,}=*/gi

const SHAPES = { ...SECRET_SHAPES, 'access token or client secret': NAMED }

const messages = { FOUND: { en: ({ what }: { what: string }) => what } }

const rule: Rule = {
  messages,
  meta: { id: 'clickup', type: 'scanner', recommended: true, supportedContentTypes: ['text'] },
  create: (context) => {
    const translate = context.createTranslator(messages)
    return {
      file({ content }) {
        for (const [what, shape] of Object.entries(SHAPES))
          for (const { index, 0: found } of content.matchAll(shape))
            context.report({ message: translate('FOUND', { what }), range: [index, index + found.length] })
      },
    }
  },
}

/** What ClickUp makes, as a rule beside those for everybody's secrets. It never quotes what it has found. */
export const clickupRule: Configured = { id: 'clickup', rule }
