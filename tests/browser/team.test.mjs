// A company's team in the browser, each in a session of their own, and an agent's night on a phone, also offline.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  launch,
  nextSaturday,
  open,
  sound,
  soundAtBothWidths,
} from "./browse.mjs";
import {
  api,
  authorise,
  client,
  DEMO_PASSWORD,
  PASSWORD,
  signIn,
  signInAgain,
  state,
} from "./people.mjs";
import { start } from "./start.mjs";

const COMPANY = "bastion@demo.monagentdesecu.fr";
const AGENT = "karim@demo.monagentdesecu.fr";
const CLIENT = "nadia@exemple.fr";
const MANAGER = "ines@exemple.fr";

let world;
let browser;
let owner;
let manager;
let agent;
let visitor;
let booking;

before(async () => {
  [world, browser] = await Promise.all([start(), launch()]);
  owner = await open(browser, world);
  manager = await open(browser, world);
  visitor = await open(browser, world);
  agent = await open(browser, world, 360, { permissions: ["geolocation"] });
  await signIn(visitor, await client(world, CLIENT), PASSWORD);
  await signIn(owner, COMPANY, DEMO_PASSWORD);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

/** A mission of eight hours of the demonstration's company, with Karim. */
async function ordered() {
  const day = nextSaturday();
  const query = new URLSearchParams({
    activity: "human_surveillance",
    place: "Marseille (13)",
    start: `${day}T20:00`,
    end: `${new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)}T04:00`,
    agents: "1",
  });
  const found = await world.get(`/api/search?${query}`);
  const offer = found.results.find((one) =>
    /bastion/i.test(one.name ?? one.professional_name ?? ""),
  );
  const { start: from, end } = found.mission;
  const wanted = {
    offer: offer.offer,
    start: from,
    end,
    agents: 1,
    postal_code: "13002",
  };
  const quote = await world.post("/api/quotes", wanted);
  const made = await api(visitor, world, "POST", "/api/bookings", {
    mission: wanted,
    address: "3 quai de la Joliette",
    town: "Marseille",
    context: {
      site: "Entrepôt",
      public_road: false,
      public_expected: false,
      risks: "",
      instructions: "Sonner au portail nord.",
    },
    expected_total: quote.total,
    conditions_of_sale: quote.conditions_of_sale,
    withdrawal_information: true,
    early_start_requested: true,
    loss_of_withdrawal_acknowledged: true,
  });
  await authorise(visitor, world, made);
  return made;
}

test("the owner invites a manager, who joins with a password of their own and sees no payouts", async () => {
  await owner.goto("/pro");
  await owner.getByRole("link", { name: "Équipe", exact: true }).click();
  await owner.getByTestId("members").getByText("Samira Haddad").waitFor();
  await soundAtBothWidths(owner, "team");
  await owner.setViewportSize({ width: 1280, height: 800 });
  await owner.getByRole("radio", { name: /Gestionnaire/ }).check();
  await owner.getByLabel("Prénom").fill("Inès");
  await owner.getByLabel("Nom", { exact: true }).fill("Roy");
  await owner.getByLabel("Son adresse électronique").fill(COMPANY);
  await owner
    .getByRole("button", { name: "Envoyer l’invitation", exact: true })
    .click();
  await owner.getByText("déjà celle d’un membre").waitFor();
  assert.equal(
    owner.wrong.filter((line) => !line.includes("409")).length,
    0,
    owner.wrong.join(),
  );
  owner.wrong = [];
  await owner.getByLabel("Son adresse électronique").fill(MANAGER);
  await owner
    .getByRole("button", { name: "Envoyer l’invitation", exact: true })
    .click();
  await owner.getByTestId("invitations").getByText("Inès Roy").waitFor();
  await soundAtBothWidths(owner, "team-invited");

  await manager.goto(await world.link(MANAGER, "/equipe/rejoindre"));
  await manager.getByText("Bastion Sud invite Inès").waitFor();
  await soundAtBothWidths(manager, "team-join");
  await manager.setViewportSize({ width: 1280, height: 800 });
  await manager.getByLabel("Votre mot de passe").fill("Equipier-Secret-5");
  await manager.getByRole("checkbox").check();
  await manager.getByRole("button", { name: "Rejoindre l’équipe" }).click();
  await manager.waitForURL("**/pro");
  await manager.getByRole("heading", { name: "Tableau de bord" }).waitFor();
  await manager.getByRole("heading", { name: "Demandes à traiter" }).waitFor();
  const menu = manager.getByRole("navigation", { name: "Principale" });
  assert.equal(await menu.getByRole("link", { name: "Versements" }).count(), 0);
  await menu.getByRole("link", { name: "Planning" }).waitFor();
  await soundAtBothWidths(manager, "team-manager");
});

test("the manager accepts with an agent, who finds the shift on the phone", async () => {
  // The demonstration's own manager.
  await manager.context().clearCookies();
  await signIn(manager, "gestion@demo.monagentdesecu.fr", DEMO_PASSWORD);
  booking = await ordered();
  await manager.setViewportSize({ width: 1280, height: 800 });
  await manager.goto(`/pro/demandes/${booking.id}`);
  await state(manager, "requested");
  for (const box of await manager
    .getByRole("checkbox", { checked: true })
    .all())
    await box.uncheck();
  await manager.getByRole("checkbox", { name: /Karim/ }).check();
  await manager.getByRole("button", { name: "Accepter la mission" }).click();
  await state(manager, "accepted");
  await world.post("/local/settle");
  await signIn(agent, AGENT, DEMO_PASSWORD);
  await agent.waitForURL("**/agent");
  await agent
    .getByTestId("shift")
    .getByText("Sonner au portail nord.")
    .waitFor();
  await agent.getByText("Arrivée à pointer dès").waitFor();
  await soundAtBothWidths(agent, "agent-before");
  await agent.setViewportSize({ width: 360, height: 800 });
});

test("without network the agent tells of the night, and it is sent in order once there is one", async () => {
  const begin = Date.parse(booking.start);
  await world.post("/local/clock", {
    now: new Date(begin - 10 * 60_000).toISOString(),
  });
  await signInAgain(agent, world, AGENT, DEMO_PASSWORD);
  await agent.reload();
  await agent.getByRole("button", { name: "J’arrive" }).waitFor();
  await agent.evaluate(() =>
    navigator.serviceWorker.ready.then(() => undefined),
  );
  const scope = await agent.evaluate(() =>
    navigator.serviceWorker.ready.then((one) => one.scope),
  );
  assert.ok(scope.endsWith("/agent"), scope);
  // Loaded once more under it, then without network: the page is there all the same.
  await agent.reload();
  await agent.getByRole("button", { name: "J’arrive" }).waitFor();
  await agent.context().setOffline(true);
  await agent.reload();
  await agent.getByRole("button", { name: "J’arrive" }).click();
  await agent
    .getByTestId("arrived")
    .getByText("envoyé dès que possible")
    .waitFor();
  await agent
    .getByLabel("Nature")
    .selectOption({ label: "Incident : intrusion" });
  await agent.getByLabel("Ce qui s’est passé").fill("Portail nord forcé.");
  await agent.getByRole("button", { name: "Noter" }).click();
  await agent.getByText("2 saisies enregistrées").waitFor();
  agent.wrong = [];
  await soundAtBothWidths(agent, "agent-offline");
  await agent.setViewportSize({ width: 360, height: 800 });
  await agent.reload();
  await agent.getByText("2 saisies enregistrées").waitFor();

  await agent.context().setOffline(false);
  await agent.evaluate(() => dispatchEvent(new Event("online")));
  await agent
    .getByText("2 saisies enregistrées")
    .waitFor({ state: "detached" });
  await agent.getByTestId("arrived").getByText("Arrivée à").waitFor();
  await agent.getByText("Portail nord forcé.").waitFor();
  agent.wrong = [];
  await soundAtBothWidths(agent, "agent-there");
  // A departure before the end is asked once more, since it cannot be taken back.
  await agent.getByRole("button", { name: "Je pars" }).click();
  await sound(agent);
  await agent
    .getByRole("dialog")
    .getByRole("button", { name: "Revenir" })
    .click();
  await agent.getByRole("button", { name: "Je pars" }).waitFor();
  await world.post("/local/settle");
  const mails = (await world.get("/local/mail")).filter((mail) =>
    mail.to.includes(COMPANY),
  );
  assert.equal(
    mails.filter((mail) => mail.subject.startsWith("Incident")).length,
    1,
  );
});

test("the end of the night is read by the client and by the company", async () => {
  await world.post("/local/clock", {
    now: new Date(Date.parse(booking.end) + 2 * 60_000).toISOString(),
  });
  for (const [page, email, password] of [
    [agent, AGENT, DEMO_PASSWORD],
    [visitor, CLIENT, PASSWORD],
    [owner, COMPANY, DEMO_PASSWORD],
  ]) {
    await signInAgain(page, world, email, password);
  }
  await agent.setViewportSize({ width: 360, height: 800 });
  await agent.reload();
  await agent.getByRole("button", { name: "Je pars" }).click();
  await agent
    .getByLabel("Comment cela s’est passé")
    .fill("Une intrusion, police venue, le reste calme.");
  await agent.getByText("Le contact était absent").click();
  await soundAtBothWidths(agent, "agent-report");
  await agent.setViewportSize({ width: 360, height: 800 });
  await agent.getByRole("button", { name: "Envoyer le rapport" }).click();
  await agent.getByText("Rapport envoyé").first().waitFor();

  await visitor.goto(`/reservations/${booking.id}`);
  const seen = visitor.getByTestId("attendance");
  await seen.getByText("Une intrusion, police venue").waitFor();
  assert.equal(await seen.getByText("Portail nord forcé.").count(), 0);
  await soundAtBothWidths(visitor, "attendance-client");
  await owner.goto(`/pro/commandes/${booking.id}`);
  await owner
    .getByTestId("attendance")
    .getByText("Portail nord forcé.")
    .waitFor();
  await soundAtBothWidths(owner, "attendance-company");
});

test("who is removed is out at once, and what they still had to do is shown", async () => {
  await owner.setViewportSize({ width: 1280, height: 800 });
  await owner.goto("/pro/equipe");
  await owner
    .getByRole("button", { name: "Retirer Karim Benoit de l’équipe" })
    .click();
  await sound(owner);
  await owner
    .getByRole("button", { name: "Retirer de l’équipe", exact: true })
    .click();
  await owner.getByText("Karim Benoit n’a plus d’accès.").waitFor();
  await soundAtBothWidths(owner, "team-removed");
  await agent.reload();
  await agent.getByText("Vous n’êtes pas connecté").first().waitFor();
});

test("a person alone has no team in the menu", async () => {
  const rex = await open(browser, world);
  await signIn(rex, "rex@demo.monagentdesecu.fr", DEMO_PASSWORD);
  await rex.getByRole("heading", { name: "Tableau de bord" }).waitFor();
  await rex.getByText("Demandes à traiter").waitFor();
  const menu = rex.getByRole("navigation", { name: "Principale" });
  assert.equal(await menu.getByRole("link", { name: "Équipe" }).count(), 0);
});

test("a company's menu is whole and on one line, on whatever page is opened first", async () => {
  const page = await open(browser, world);
  await signIn(page, COMPANY, DEMO_PASSWORD, {
    at: "/connexion?suite=/pro/statistiques",
  });
  await page.getByTestId("figures").waitFor();
  const menu = page.getByRole("navigation", { name: "Principale" });
  await menu.getByRole("link", { name: "Équipe" }).waitFor();
  const tops = await menu
    .locator("> ul > li")
    .evaluateAll((ways) => ways.map((way) => way.getBoundingClientRect().top));
  assert.equal(new Set(tops).size, 1, tops.join());
  assert.ok((await page.locator("header").first().boundingBox()).height < 70);

  const more = menu.getByRole("button", { name: "Plus" });
  await more.click();
  await menu.getByRole("link", { name: "Versements" }).waitFor();
  await sound(page);
  await page.keyboard.press("Escape");
  await menu
    .getByRole("link", { name: "Versements" })
    .waitFor({ state: "hidden" });
  await more.click();
  await menu.getByRole("link", { name: "Mon dossier" }).click();
  await page.waitForURL("**/pro/dossier");
  await menu
    .getByRole("link", { name: "Mon dossier" })
    .waitFor({ state: "hidden" });
  await page.context().close();
});

test("who may not open a page is told whose it is, and asks nothing", async () => {
  const page = await open(browser, world);
  await signIn(page, "gestion@demo.monagentdesecu.fr", DEMO_PASSWORD);
  for (const address of ["/pro/versements", "/pro/dossier", "/pro/pieces"]) {
    await page.goto(address);
    await page.getByText("Seul le titulaire du compte").waitFor();
    assert.equal(await page.locator("main form").count(), 0);
  }
  await soundAtBothWidths(page, "team-closed");
  await page.getByRole("link", { name: "Voir qui est titulaire" }).click();
  await page.getByTestId("members").getByText("Titulaire").waitFor();

  await page.context().clearCookies();
  await signIn(page, "lea@demo.monagentdesecu.fr", DEMO_PASSWORD);
  await page.goto("/pro/offres/nouvelle");
  await page
    .getByText("Elle est celle du titulaire et des gestionnaires")
    .waitFor();
  await page.getByRole("link", { name: "Revenir à mon espace" }).click();
  await page.waitForURL("**/agent");
  await page.context().close();
});
