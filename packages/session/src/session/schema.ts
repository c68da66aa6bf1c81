import { SessionSerializationError } from "../errors/errors.ts";

/**
 * The part of Standard Schema version 1 (https://standardschema.dev) that a session needs. zod,
 * valibot, arktype and others implement it.
 */
export interface StandardSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (
      value: unknown,
    ) => ValidationResult<Output> | Promise<ValidationResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

type ValidationResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The type of the data that a schema describes. */
export type InferData<Schema> = Schema extends StandardSchema<infer Output> ? Output : never;

type Data = Record<string, unknown>;

/** A schema, asked about a session's data. */
export interface SchemaCheck {
  /** The data, or the result of `migrate`, if it fits the schema. Otherwise `undefined`. */
  fitted(data: Data): Promise<Data | undefined>;
  /** @throws SessionSerializationError (`ERR_SESSION_SCHEMA`) naming the path that does not fit. */
  assertFits(data: Data): Promise<void>;
}

type Migrate = (data: Data) => Data | Promise<Data>;

export function checkOf(schema: StandardSchema, migrate: Migrate | undefined): SchemaCheck {
  return {
    async fitted(data) {
      if ((await issuesOf(schema, data)).length === 0) return data;
      if (!migrate) return undefined;
      const migrated = await migrate(data);
      return (await issuesOf(schema, migrated)).length === 0 ? migrated : undefined;
    },

    async assertFits(data) {
      const [issue] = await issuesOf(schema, data);
      if (!issue) return;
      const path = pathOf(issue).reduce<string>(
        (start, key) => (typeof key === "number" ? `${start}[${key}]` : `${start}.${String(key)}`),
        "session",
      );
      throw new SessionSerializationError(
        "ERR_SESSION_SCHEMA",
        `${path} does not fit the session's schema: ${issue.message}. It was not saved: store what the schema describes, or change the schema.`,
      );
    },
  };
}

/** Why the data does not fit. Absent keys are ignored, because sessions are `Partial<Data>`. */
async function issuesOf(schema: StandardSchema, data: Data): Promise<readonly Issue[]> {
  const result = await schema["~standard"].validate(data);
  return (result.issues ?? []).filter((issue) => {
    const [key, ...deeper] = pathOf(issue);
    return key === undefined || deeper.length > 0 || data[key as string] !== undefined;
  });
}

function pathOf({ path = [] }: Issue): PropertyKey[] {
  return path.map((segment) => (typeof segment === "object" ? segment.key : segment));
}
