/** A call as it comes in, however it travels. */
export type ApiRequest = {
  readonly method: string
  /** From `/v2` on, with the query. */
  readonly path: string
  readonly authorization: string | undefined
  /** Reads the body, once and if at all. */
  body(): Promise<BodyRead>
}

export type BodyRead =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'empty' }
  | { readonly kind: 'bad'; readonly why: string }

export type ApiAnswer =
  /** The connection was dropped. */
  | { readonly kind: 'disconnected' }
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly ecode: string | null
      /** Undefined where there is none. */
      readonly body: unknown
      readonly headers: Readonly<Record<string, string>>
      /** When the rate limit's window began that the call fell in, on ClickUp's clock. */
      readonly window: number | null
    }

export type Api = (request: ApiRequest) => Promise<ApiAnswer>
