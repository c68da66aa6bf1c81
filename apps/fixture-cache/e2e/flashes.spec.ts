import { expect } from "@playwright/test";
import { test } from "../../fixture/e2e/support/visitor";

const session: object = { _flashes: [["notice", "Your profile is saved."]] };
const message = /<p>Your profile is saved\.<\/p>/;
const main = (html: string) => /<main>(.*?)<\/main>/s.exec(html)?.[1] ?? "";

test("a message behind <Suspense> is streamed, and a script moves it to its place", async ({
  visitor,
}) => {
  await visitor.bring(session);
  const { body } = await visitor.get("/checks/flashes/streamed");
  expect(body).toMatch(message);
  expect(main(body)).not.toMatch(message);
});

test("on a page that may block, a message is in its place without any script", async ({
  visitor,
}) => {
  await visitor.bring(session);
  const { body } = await visitor.get("/checks/flashes/blocking");
  expect(main(body)).toMatch(message);
});
