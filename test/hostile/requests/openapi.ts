/** A JSON schema as the description of the API holds it. */
export interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
}

interface Parameter {
  readonly in: string
  readonly name: string
  readonly schema: Schema
}

type Contents = Readonly<Record<string, { readonly schema?: Schema }>>

/** One method of one address. */
export interface Operation {
  readonly method: string
  /** With `{names}`. */
  readonly path: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Contents }
  readonly responses: Readonly<Record<string, { readonly content?: Contents }>>
}

/** Every operation that a description names. */
export function operationsOf(description: { readonly paths: Readonly<Record<string, object>> }): Operation[] {
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  )
}
