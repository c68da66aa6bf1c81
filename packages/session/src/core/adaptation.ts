import { logFailure } from "../errors/log.ts";
import type { Payload } from "../formats/codec.ts";
import type { Settings } from "../options/settings.ts";
import type { SchemaCheck } from "../session/schema.ts";

/** Gives the payload itself where nothing must change, and nothing where the data cannot fit. */
export type Adapt = (payload: Payload, issuedAt: number) => Promise<Payload | undefined>;

/** Makes a payload from before today's options fit them: the time it began, and the schema. */
export function adaptationTo({ keepsBeginning }: Settings, check: SchemaCheck | undefined): Adapt {
  return async (payload, issuedAt) => {
    const createdAt = keepsBeginning ? (payload.createdAt ?? issuedAt) : undefined;
    const data = check
      ? await check.fitted(payload.data).catch((error) => logFailure("schema or migrate", error))
      : payload.data;
    if (!data) return undefined;
    const isChanged = createdAt !== payload.createdAt || data !== payload.data;
    return isChanged ? { ...payload, createdAt, data } : payload;
  };
}
