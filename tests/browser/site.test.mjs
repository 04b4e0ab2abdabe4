import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import {
  launch,
  nextSaturday,
  open,
  searchFor,
  sound,
  WIDTHS,
} from "./browse.mjs";
import { FILE, typesFrom } from "../../frontend/scripts/api-types.mjs";
import { start } from "./start.mjs";

let world;
let browser;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

for (const width of WIDTHS) {
  test(`a visitor opens the home page at ${width} px`, async () => {
    const page = await open(browser, world, width);
    await page.goto("/");
    assert.equal(
      await page.title(),
      "Réserver un agent de sécurité – MonAgentDeSecu",
    );
    assert.equal(await page.locator("html").getAttribute("lang"), "fr");
    await page.getByTestId("search-form").waitFor();
    await sound(page);
    await page.context().close();
  });

  test(`a visitor finds a dog handler in Lyon next Saturday night at ${width} px`, async () => {
    const page = await open(browser, world, width);
    await searchFor(page);
    const card = page.getByTestId("result").first();
    const total = await card.getByTestId("total").textContent();
    assert.match(total, /^\d{1,3}([\u202f\u00a0]\d{3})*,\d{2}\u00a0€$/);
    const said = await card.textContent();
    assert.match(said, /frais de service inclus/);
    assert.match(said, /Nouveau|\d,\d\/5/);
    await page.getByText(/Trié par : Conseillés/).waitFor();
    await page.getByText(/ne sont pas exhaustifs/).waitFor();
    await card.locator("summary").click();
    await card.getByText("Frais de service TTC").waitFor();
    await sound(page);
    await page.context().close();
  });
}

test("the mission asked for is the one in Paris, whatever the zone of the browser", async () => {
  const page = await open(browser, world);
  const asked = page.waitForRequest((request) =>
    request.url().includes("/api/search"),
  );
  await searchFor(page, { date: nextSaturday() });
  const { start, end } = Object.fromEntries(
    new URL((await asked).url()).searchParams,
  );
  const hour = (moment) =>
    new Intl.DateTimeFormat("fr-FR", {
      timeZone: "Europe/Paris",
      timeStyle: "short",
    }).format(new Date(moment));
  assert.deepEqual([hour(start), hour(end)], ["20:00", "04:00"]);
  await page.getByRole("heading", { name: /Lyon/ }).waitFor();
  await page.context().close();
});

test("the order of results is in the address", async () => {
  const page = await open(browser, world);
  await searchFor(page);
  for (const [label, word, said] of [
    ["Prix", "prix", "Prix croissant"],
    ["Délai", "delai", "Délai le plus court"],
    ["Note", "note", "Mieux notés"],
  ]) {
    await page.getByRole("link", { name: label, exact: true }).click();
    await page.waitForURL(
      (address) => address.searchParams.get("tri") === word,
    );
    await page.getByText(`Trié par : ${said}`).waitFor();
  }
  await page.reload();
  await page.getByText("Trié par : Mieux notés").waitFor();
  await sound(page);
  await page.context().close();
});

test("a search without result helps", async () => {
  const page = await open(browser, world, 360);
  await searchFor(page, { activity: "Transport de fonds" });
  await page.getByTestId("nothing").waitFor();
  await sound(page);
  await page.context().close();
});

test("a search that is incomplete says what is missing and keeps what was typed", async () => {
  const page = await open(browser, world, 360);
  await page.goto("/");
  await page.getByLabel("Lieu de la mission").fill("69003");
  await page.getByRole("button", { name: "Voir les prix" }).click();
  await page.getByText("Choisissez une activité.").waitFor();
  assert.equal(
    await page.evaluate(() => document.activeElement?.id),
    "activite",
  );
  assert.equal(
    await page.getByLabel("Lieu de la mission").inputValue(),
    "69003",
  );
  await sound(page);
  await page.context().close();
});

test("an API that is away is said, and tried again", async () => {
  const page = await open(browser, world, 360);
  await page.route("**/api/search?*", (route) => route.abort());
  await searchFor(page);
  await page.getByText("Le service ne répond pas.").waitFor();
  await page.unroute("**/api/search?*");
  await page.getByRole("button", { name: "Réessayer" }).click();
  await page.getByTestId("result").first().waitFor();
  await page.context().close();
});

test("the search can be made with the keyboard alone", async () => {
  const page = await open(browser, world);
  await page.goto("/");
  await page.getByLabel("Activité").focus();
  await page.keyboard.type("Agent");
  await page.keyboard.press("Tab");
  await page.keyboard.type("lyon");
  await page.getByRole("listbox").getByRole("option").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(
    await page.getByLabel("Lieu de la mission").inputValue(),
    "Lyon (69)",
  );
  assert.equal(await page.getByLabel("Activité").inputValue(), "dog_handling");
  await page.context().close();
});

test("every page in the footer is readable without scripts, and sound on a phone", async () => {
  const page = await open(browser, world, 360);
  await page.goto("/");
  const addresses = await page
    .getByRole("navigation", { name: "Informations" })
    .getByRole("link")
    .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  assert.ok(addresses.length >= 7);
  for (const address of addresses) {
    const answer = await page.goto(address);
    assert.equal(answer.status(), 200);
    const title = await page.getByRole("heading", { level: 1 }).textContent();
    assert.ok(
      (await answer.text()).includes(`>${title}<`),
      `${address} has its text before scripts run`,
    );
    await sound(page);
  }
  await page.context().close();
});

test("forms for who has an account are sound", async () => {
  const page = await open(browser, world, 360);
  for (const address of [
    "/connexion",
    "/mot-de-passe",
    "/mot-de-passe?jeton=a",
    "/verifier-adresse?jeton=a",
    "/verifier-adresse",
    "/activation?jeton=a",
    "/inscription/reprendre?jeton=a",
  ]) {
    await page.goto(address, { waitUntil: "networkidle" });
    await sound(page);
  }
  await page.context().close();
});

test("the outbox of this machine renders", async () => {
  const page = await open(browser, world);
  const answer = await page.goto("/local/outbox");
  assert.equal(answer.status(), 200);
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

test("no other site can frame a page", async () => {
  const { headers } = await fetch(`${world.site}/`);
  const policy = headers.get("content-security-policy") ?? "";
  assert.ok(
    policy.includes("frame-ancestors 'none'") ||
      headers.get("x-frame-options") === "DENY",
  );
});

test("the types that pages are written with are those of the API", async () => {
  const made = await typesFrom(await world.get("/api/openapi.json"));
  const kept = await readFile(FILE, "utf8");
  assert.ok(
    made === kept,
    `${FILE} is not what the API says of itself: run "npm run api" in frontend`,
  );
});
