import { createElement, type ReactNode } from "react";
import { renderToReadableStream } from "react-dom/server.edge";
import { describe, expect, it, vi } from "vitest";
import { SessionContextError } from "../../src/errors/errors.ts";
import { createSessionContext } from "../../src/react.ts";
import { NOW } from "../support/fixed.ts";
import { thrownBy } from "../support/thrown.ts";

// There is no router outside of Next. apps/fixture has the tests with it.
vi.mock("next/navigation.js", () => ({ useRouter: () => ({ refresh() {} }) }));

const soon = new Date((NOW + 60) * 1000);
const ada = { name: "Ada", expiresAt: soon, readAt: new Date(NOW * 1000) };
type Ada = typeof ada;

const { SessionProvider, useSession, useSecondsLeft } = createSessionContext<() => Promise<Ada>>();

function Name() {
  const secondsLeft = useSecondsLeft(3600);
  return createElement("p", null, useSession().name, String(secondsLeft));
}

async function rendered(element: ReactNode): Promise<string> {
  const stream = await renderToReadableStream(element, { onError: () => {} });
  await stream.allReady;
  return (await new Response(stream).text()).replaceAll("<!-- -->", "");
}

const given = (session: Promise<Ada>, children: ReactNode) =>
  createElement(SessionProvider, { session }, children);

describe("what the server renders", () => {
  it("has the session, once it is read, and no countdown", async () => {
    const later = new Promise<Ada>((resolve) => setTimeout(() => resolve(ada), 20));
    expect(await rendered(given(later, createElement(Name)))).toBe("<p>Adaundefined</p>");
  });

  it("has the outer provider's session in an inner one: both are of one request", async () => {
    const inner = given(Promise.resolve({ ...ada }), createElement(Name));
    expect(await rendered(given(Promise.resolve(ada), inner))).toBe("<p>Adaundefined</p>");
  });

  it("fails if the session could not be read", async () => {
    const failed = Promise.reject(new Error("no store"));
    failed.catch(() => {});
    await expect(rendered(given(failed, createElement(Name)))).rejects.toThrow("no store");
  });
});

describe("a hook", () => {
  it("without a provider says which one it needs", async () => {
    const error = await thrownBy(() => rendered(createElement(Name)), SessionContextError);
    expect(error.code).toBe("ERR_SESSION_NO_PROVIDER");
    expect(error.message).toContain("createSessionContext()");
  });

  it("without a provider of its own kind says so too", async () => {
    const other = createSessionContext<() => Promise<Ada>>("admin");
    const element = createElement(
      other.SessionProvider,
      { session: Promise.resolve(ada) },
      createElement(Name),
    );
    const { code } = await thrownBy(() => rendered(element), SessionContextError);
    expect(code).toBe("ERR_SESSION_NO_PROVIDER");
  });

  it("refuses what getPublicSession() did not make, and quotes nothing of it", async () => {
    const copied = Promise.resolve({ name: "Ada", email: "ada@example.com" } as unknown as Ada);
    const element = given(copied, createElement(Name));
    const { code, message } = await thrownBy(() => rendered(element), SessionContextError);
    expect(code).toBe("ERR_SESSION_COPY");
    expect(message).not.toMatch(/Ada|ada@/);
  });
});
