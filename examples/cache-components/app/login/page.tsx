import { LoginForm } from "./login-form";

export default function LoginPage() {
  return (
    <>
      <h1>Log in</h1>
      <LoginForm />
      <p className="quiet">
        Two accounts to try: <code>ada@example.com</code> with the password{" "}
        <code>analytical engine</code>, and <code>grace@example.com</code> with{" "}
        <code>flow-matic 1955</code>.
      </p>
    </>
  );
}
