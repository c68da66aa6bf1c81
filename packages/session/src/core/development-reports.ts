import { type UnsavedChange, unsavedKeys } from "../session/unsaved-keys.ts";

/** A jar that detects, in development, when its response is complete and which cookies it lacks. */
export interface ReportingJar {
  afterResponse(
    callback: (route: string, unsent: ReadonlySet<string>) => void,
  ): void | Promise<void>;
}

/** Reports in development what Next loses in silence in production. */
export async function reportLosses(
  jar: ReportingJar,
  unsaved: () => UnsavedChange | undefined,
): Promise<void> {
  await jar.afterResponse((route, unsent) => {
    const keys = unsavedKeys(unsaved());
    if (keys.length > 0) {
      report(
        route,
        `the session was changed (${keys.join(", ")}) and never saved. Write \`await using session = await getSession()\` (in a proxy with its arguments), or end with \`await session.save()\`; in a server component, change it in an action instead.`,
      );
    }
    if (unsent.size > 0) {
      report(
        route,
        `the cookie ${[...unsent].join(", ")} was set and never sent: the handler threw an error or notFound(), had already returned its response, or (a proxy) returned another response than the one it gave to getSession(). Save the session before that, return \`new Response(null, { status: 404 })\` instead of notFound(), and in a proxy return the response that has the cookie.`,
      );
    }
  });
}

function report(route: string, loss: string): void {
  console.error(`[next-signed-session] ${route}: ${loss}`);
}
