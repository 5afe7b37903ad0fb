import { describe, expect, it } from "vitest";

import type { AccountFacts, AccountView, FieldView, LimitView } from "$src/backend/bindings";
import { leftShare, leftText, rateText, refillText, tightest } from "$src/parts/limits";

import { freeName, given, initial, missing } from "./fields";
import { ruleSetting, ruleText, STOCK_FIELDS, PRICE_FIELDS, stockKind, wrongRule } from "./rules";
import { choiceWord, partWord } from "./words";
import { daysLeft, mayDo, standingOf } from "./standing";

const field = (key: string, kind: string, over: Partial<FieldView> = {}): FieldView => ({ key, label: key.toUpperCase(), help: "", kind, choices: [], required: true, default: null, ...over });
const FIELDS = [field("api_key", "secret"), field("seller_id", "text"), field("platform", "choice", { choices: ["US", "CAN"], default: "US" }), field("note", "text", { required: false })];
const account = (over: Partial<AccountView> = {}): AccountView => ({
  name: "Shop", marketplace: "newegg", title: "Newegg", endpoint: "production", settings: { seller_id: "A4KD", platform: "US" },
  secrets: { api_key: true }, rules: {}, state: "active", pulled_at: "2026-11-22T10:00:00Z", listings: {}, revision: 1, ...over,
});

describe("settings and keys", () => {
  it("begin with what is there, else with the marketplace's own default", () => {
    expect(initial(FIELDS, null)).toEqual({ seller_id: "", platform: "US", note: "" });
    expect(initial(FIELDS, account())).toMatchObject({ seller_id: "A4KD" });
  });

  it("name what is still missing", () => {
    expect(missing(FIELDS, { platform: "US" }, null, "production")).toEqual(["API_KEY", "SELLER_ID"]);
    expect(missing(FIELDS, initial(FIELDS, account()), account(), "production")).toEqual([]);
    expect(missing(FIELDS, { seller_id: "A" }, account({ secrets: { api_key: false } }), "production")).toEqual(["API_KEY", "PLATFORM"]);
    expect(missing(FIELDS, {}, null, "practice")).toEqual([]);
  });

  it("send only what was changed, keys apart", () => {
    expect(given(FIELDS, { api_key: " k ", seller_id: "A4KD", platform: "CAN", note: "" }, account())).toEqual({ settings: { platform: "CAN" }, secrets: { api_key: "k" } });
  });

  it("propose a name that is free", () => {
    expect(freeName("eBay", [])).toBe("eBay");
    expect(freeName("eBay", ["ebay", "eBay 2"])).toBe("eBay 3");
  });
});

describe("rules", () => {
  const rules = { price: { factor: "1.08" }, stock: { share: { percent: "50" } } };
  it("are read by their path", () => {
    expect([ruleText(rules, "price.factor"), ruleText(rules, "price.add"), ruleText(null, "price.add")]).toEqual(["1.08", "", ""]);
    expect([stockKind(rules), stockKind({})]).toEqual(["share", "buffered"]);
  });

  it("change of kind takes the old kind away first", () => {
    const [buffer] = STOCK_FIELDS;
    expect(Object.keys(ruleSetting(buffer!, "2", rules)).sort()).toEqual(["rules.stock", "rules.stock.buffered.buffer"]);
    expect(ruleSetting(PRICE_FIELDS[0]!, "", rules)).toEqual({ "rules.price.factor": "" });
    expect(ruleSetting(PRICE_FIELDS[0]!, "1,08", rules)).toEqual({ "rules.price.factor": "1.08" });
  });

  it("refuse what is no number, and units that are not whole", () => {
    expect(wrongRule(PRICE_FIELDS[0]!, "1.1")).toBeNull();
    expect(wrongRule(PRICE_FIELDS[0]!, "")).toBeNull();
    expect(wrongRule(PRICE_FIELDS[0]!, "a lot")).not.toBeNull();
    expect(wrongRule(STOCK_FIELDS[0]!, "1.5")).not.toBeNull();
  });
});

describe("how an account stands", () => {
  it("tells what waits for a hand before what runs", () => {
    expect(standingOf(account({ state: "paused" }), undefined, true).state).toBe("off");
    expect(standingOf(account(), undefined, true).state).toBe("sent");
    expect(standingOf(account(), undefined, false).state).toBe("live");
    expect(standingOf(account({ pulled_at: null }), undefined, false).state).toBe("pending");
    const facts = { problem: null, outbox: { waiting: 0, held: 1, sent: 0, unknown: 0 } } as AccountFacts;
    expect(standingOf(account(), facts, false).state).toBe("needs_you");
  });

  it("is as good as its worst part", () => {
    const check = { account: "Shop", marketplace: "ebay", ready: true, seller: null, sites: [], consent_until: null, selling_limit: null,
      items: [{ name: "a", state: "good" as const, kind: null, reason: null, mend: null }, { name: "b", state: "limited" as const, kind: null, reason: null, mend: null }] };
    expect(mayDo(check).state).toBe("limited");
    expect(mayDo(undefined).state).toBeNull();
    expect(daysLeft("2026-11-26T10:00:00Z", Date.parse("2026-11-22T11:00:00Z"))).toBe(4);
  });
});

describe("limits", () => {
  const limit = (over: Partial<LimitView> = {}): LimitView => ({ name: "inventory", title: "Products and offers", left: 4104, of: 5000, calls: 5000, per_seconds: 86_400, full_at: null, blocked_until: null, shared_with: [], ...over });
  it("tell what is left and how fast it comes back", () => {
    expect([leftText(limit()), leftText(limit({ left: 5000 }))]).toEqual(["4,104 of 5,000 left", "full"]);
    expect([rateText(limit()), rateText(limit({ calls: 2, per_seconds: 7 }))]).toEqual(["5,000 a day", "2 in 7 s"]);
    expect(refillText(limit({ shared_with: ["eBay UK"] }))).toBe("shared with eBay UK");
    expect(tightest({ account: "a", marketplace: "ebay", limits: [limit(), limit({ name: "feeds", left: 1, of: 15 })] })?.name).toBe("feeds");
    expect(leftShare(limit({ of: 0 }))).toBe(1);
  });
});

it("parts and choices have words; what has none stands for itself", () => {
  expect([partWord("buyers"), partWord("marketplace ATVPDKIKX0DER"), partWord("odd_part")]).toEqual(["Buyers’ names and addresses", "Site US", "odd part"]);
  expect([choiceWord("gtin_exemption", "no"), choiceWord("platform", "B2B")]).toEqual(["no", "B2B"]);
});
