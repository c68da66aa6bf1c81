import { getSession } from "../signed-session/session.js";

export default async function Page() {
  const { visits } = await getSession();
  return <p>{`Visits: ${visits}`}</p>;
}
