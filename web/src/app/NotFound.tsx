import { Link } from "wouter";
import { Empty } from "../ui/states";
import { usePageTitle } from "./usePageTitle";

export function NotFound() {
  usePageTitle("Not found");
  return (
    <main className="main">
      <Empty title="There is no such page">
        <Link href="/streams">To the streams</Link>
      </Empty>
    </main>
  );
}
