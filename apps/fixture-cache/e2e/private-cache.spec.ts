import { expect } from "@playwright/test";
import { type Answer, test } from "../../fixture/e2e/support/visitor";

const READERS = ["component", "private cache in the layout", "nested private caches"];

const seenIn = (page: Answer) => READERS.map((reader) => page.seenBy(reader));
const allSee = (data: object) => READERS.map(() => data);

test("all that read in one request see the same, inside private caches and outside", async ({
  visitor,
}) => {
  await visitor.bring({ visits: 1 });
  const page = await visitor.get("/checks/both");
  expect(seenIn(page)).toEqual(allSee({ visits: 1 }));
  expect(page.setCookies).toEqual([]);
});

test("what the proxy wrote in this request is seen", async ({ visitor }) => {
  await visitor.bring({ visits: 1 });
  expect(seenIn(await visitor.get("/checks/both?visit"))).toEqual(allSee({ visits: 2 }));
});

test("what an action wrote is seen by its re-render", async ({ visitor }) => {
  await visitor.bring({ visits: 1 });
  expect(seenIn(await visitor.submit("/checks/both", "visit"))).toEqual(allSee({ visits: 2 }));
  expect(await visitor.holds()).toEqual({ data: { visits: 2 }, permanent: false });
});

test("what the proxy and an action wrote in one request is seen by the re-render", async ({
  visitor,
}) => {
  await visitor.bring({ visits: 1 });
  expect(seenIn(await visitor.submit("/checks/both?visit", "visit"))).toEqual(
    allSee({ visits: 3 }),
  );
});

test("saving inside a private cache is refused, and no cookie is sent", async ({ visitor }) => {
  await visitor.bring({ visits: 2 });
  const page = await visitor.get("/checks/saving");
  expect(page.seenBy("private cache")).toEqual({
    code: "ERR_SESSION_READ_ONLY",
    message:
      'The session was changed inside "use cache: private", where there is no response to send a cookie with. Only read it there. Change it in a server action, a route handler or the proxy.',
  });
  expect(page.setCookies).toEqual([]);
});

for (const directive of ["use cache", "use cache: remote"]) {
  test(`inside "${directive}" getSession() is refused, with the private cache as a way out`, async ({
    visitor,
  }) => {
    const { code, message } = (await visitor.get("/checks/shared")).seenBy(directive);
    expect(code).toBe("ERR_SESSION_IN_CACHE");
    expect(message).toContain('Write "use cache: private"');
  });
}
