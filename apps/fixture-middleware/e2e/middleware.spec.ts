import { expect } from "@playwright/test";
import { test } from "../../fixture/e2e/support/upstream";

const ada = { name: "Ada", visits: 1 };
const counted = { name: "Ada", visits: 2 };

test.beforeEach(({ visitor }) => visitor.bring(ada));

test.describe("middleware.ts, on the edge runtime", () => {
  test("a change reaches the server component of the same request, and the browser", async ({
    visitor,
  }) => {
    const page = await visitor.get("/?middleware");
    expect(page.seenBy("server component")).toEqual(counted);
    expect(page.headers.get("cache-control")).toBe("private, no-store");
    expect(await visitor.holds()).toEqual({ data: counted, permanent: false });
  });

  test("a change reaches the route handler of the same request", async ({ visitor }) => {
    expect((await visitor.get("/handler?middleware")).json).toEqual(counted);
    expect(await visitor.holds()).toEqual({ data: counted, permanent: false });
  });

  test("a change reaches the action of the same request and its re-render, and theirs are added", async ({
    visitor,
  }) => {
    const page = await visitor.submit("/?middleware", "count");
    expect(page.seenBy("server component")).toEqual({ name: "Ada", visits: 3 });
    expect(await visitor.holds()).toEqual({ data: { name: "Ada", visits: 3 }, permanent: false });
  });

  test("a handler's change is added to the middleware's in the cookie that is kept", async ({
    visitor,
  }) => {
    await visitor.get("/handler?middleware&handler");
    const data = { name: "set by the handler", visits: 2 };
    expect(await visitor.holds()).toEqual({ data, permanent: false });
  });

  test("getSession() without arguments is refused", async ({ visitor }) => {
    expect((await visitor.get("/?no-arguments")).json).toBe("ERR_SESSION_IN_PROXY");
  });

  test("no cookie is sent when nothing is changed", async ({ visitor }) => {
    expect((await visitor.get("/")).setCookies).toEqual([]);
    expect((await visitor.get("/handler")).setCookies).toEqual([]);
  });
});

test.describe("a rewrite to another origin, in middleware.ts", () => {
  test("does not send it the session's cookie", async ({ visitor, upstream }) => {
    const answer = await visitor.get(`/?rewrite=${upstream}`);
    expect(answer.json).toEqual({ cookie: null });
  });

  test("refuses a change beside it, so that no shared cache gets the cookie", async ({
    visitor,
    upstream,
  }) => {
    const answer = await visitor.get(`/?middleware&rewrite=${upstream}`);
    expect(answer.json).toBe("ERR_SESSION_READ_ONLY");
    expect(answer.setCookies).toEqual([]);
  });
});

test.describe("Cache Components", () => {
  test("a page is a static shell, and inside <Suspense> reads the session", async ({ visitor }) => {
    const page = await visitor.get("/");
    expect(page.body).toContain("the shell, built once");
    expect(page.body).toContain("no session yet");
    expect(page.seenBy("server component")).toEqual(ada);
  });

  test("each visitor gets a session of his own in the same shell", async ({ visitor }) => {
    await visitor.bring({ name: "Grace" });
    expect((await visitor.get("/")).seenBy("server component")).toEqual({ name: "Grace" });
  });

  test("Next has nothing to complain of", async ({ visitor }) => {
    await visitor.get("/");
    // Beside its answer Next makes a prerender of the page, in which nobody may read the clock.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await visitor.get("/complaints")).json).toEqual([]);
  });

  test("an action saves, and its re-render reads it", async ({ visitor }) => {
    expect((await visitor.submit("/", "count")).seenBy("server component")).toEqual(counted);
    expect(await visitor.holds()).toEqual({ data: counted, permanent: false });
  });

  test('inside "use cache" getSession() is refused', async ({ visitor }) => {
    const page = await visitor.get("/use-cache");
    expect(page.seenBy("cached function")).toBe("ERR_SESSION_IN_CACHE");
  });

  test('a session is refused as an argument of a "use cache" function', async ({ visitor }) => {
    const { code, message } = (await visitor.get("/use-cache")).seenBy("its argument");
    expect(code).toBe("ERR_SESSION_COPY");
    expect(message).toContain("Pass only the values that are needed");
  });
});
